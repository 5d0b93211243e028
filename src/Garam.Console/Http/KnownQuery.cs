using System.Reflection;
using Garam.Operations;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Garam.Console.Http;

/// <summary>Refuses a change with a query parameter that its path does not have: a <c>?dryRun=true</c> that is ignored would change what it only asks about.</summary>
internal static class KnownQuery
{
    /// <summary>A filter for the routes of a group.</summary>
    public static EndpointFilterDelegate Require(EndpointFilterFactoryContext route, EndpointFilterDelegate next)
    {
        var parameters = route.MethodInfo.GetParameters();
        if (parameters.Any(ReadsAnything))
            return next;
        var names = parameters.SelectMany(NamesOf).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return call => Unknown(call.HttpContext.Request, names) is { } name
            ? throw new OperationException(FailureKind.Invalid, $"this path has no parameter '{name}': nothing was changed.")
            : next(call);
    }

    private static string? Unknown(HttpRequest request, HashSet<string> names) =>
        HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) ? null : request.Query.Keys.FirstOrDefault(key => !names.Contains(key));

    private static bool ReadsAnything(ParameterInfo parameter) => parameter.ParameterType == typeof(HttpContext) || parameter.ParameterType == typeof(HttpRequest);

    private static IEnumerable<string> NamesOf(ParameterInfo parameter) => parameter.IsDefined(typeof(AsParametersAttribute))
        ? parameter.ParameterType.GetProperties().Select(property => property.GetCustomAttribute<FromQueryAttribute>()?.Name ?? property.Name)
        : [parameter.GetCustomAttribute<FromQueryAttribute>()?.Name ?? parameter.Name!];
}
