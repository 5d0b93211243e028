using System.Linq.Expressions;
using System.Reflection;
using Garam.Background;
using Garam.Messaging.Failures;
using Microsoft.Extensions.DependencyInjection;

namespace Garam.Messaging.Endpoints;

/// <summary>The services that a handler takes.</summary>
internal static class HandlerServices
{
    /// <summary>The key of <c>[FromKeyedServices(key)]</c>; null where the parameter has none.</summary>
    public static object? KeyOf(ParameterInfo parameter) => parameter.GetCustomAttribute<FromKeyedServicesAttribute>()?.Key;

    public static Expression Get(ParameterInfo parameter, Expression provider) => Expression.Call(
        typeof(HandlerServices), nameof(Resolve), [parameter.ParameterType], provider, Expression.Constant(KeyOf(parameter), typeof(object)), Expression.Constant(HandlerBinder.Name(parameter)));

    /// <summary>Constructs the service once; returns what the container lacks to do so, or null. What a constructor of the application throws may pass.</summary>
    public static string? Missing(ParameterInfo parameter, IServiceProvider services)
    {
        try
        {
            _ = KeyOf(parameter) is { } key ? services.GetRequiredKeyedService(parameter.ParameterType, key) : services.GetRequiredService(parameter.ParameterType);
            return null;
        }
        catch (InvalidOperationException exception)
            when (exception.Source is "Microsoft.Extensions.DependencyInjection" or "Microsoft.Extensions.DependencyInjection.Abstractions")
        {
            return $"{HandlerBinder.Name(parameter)} cannot be constructed: {ExceptionText.Message(exception)}";
        }
        catch (Exception)
        {
            // A database that is still starting, for instance: the first record waits for it, and health says so.
            return null;
        }
    }

    private static T Resolve<T>(IServiceProvider services, object? key, string parameter)
        where T : notnull
    {
        try
        {
            return key is null ? services.GetRequiredService<T>() : services.GetRequiredKeyedService<T>(key);
        }
        catch (Exception exception)
        {
            throw new ServiceConstructionException(parameter, exception);
        }
    }
}

/// <summary>A service of a handler could not be constructed: no record is the cause, and each would fail the same way. They wait until it can be.</summary>
internal sealed class ServiceConstructionException(string parameter, Exception cause)
    : Exception($"The service {parameter} cannot be constructed: {ExceptionText.Message(cause)}", cause), ITransient
{
    public bool IsTransient => true;
}
