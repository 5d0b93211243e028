using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;

namespace Garam.Messaging.Endpoints;

/// <summary>
/// Compiles a user's delegate into a <see cref="RecordHandler"/>: decides once where each parameter comes from, so that a
/// record costs one call. What it cannot bind it reports; it never guesses by a parameter's name.
/// </summary>
internal sealed class HandlerBinder(IServiceProvider services, RegisteredServices registered, MessagingOptions options)
{
    private static readonly ParameterExpression Context = Expression.Parameter(typeof(RecordContext), "context");
    private static readonly ParameterExpression Provider = Expression.Parameter(typeof(IServiceProvider), "services");
    private static readonly ParameterExpression Cancellation = Expression.Parameter(typeof(CancellationToken), "cancellationToken");

    /// <summary>Null when something is wrong; then <paramref name="errors"/> say what.</summary>
    public RecordHandler? Bind(Delegate handler, ICollection<string> errors)
    {
        var parameters = handler.Method.GetParameters();
        var sources = parameters.Select(parameter => (Parameter: parameter, Source: SourceOf(parameter))).ToList();
        var before = errors.Count;
        CheckShape(handler.Method, sources, errors);
        var arguments = sources.Select(bound => Argument(bound.Parameter, bound.Source, errors)).ToList();
        if (errors.Count > before)
        {
            return null;
        }

        var call = Expression.Invoke(Expression.Constant(handler), arguments);
        var body = Expression.Lambda<Func<RecordContext, IServiceProvider, CancellationToken, ValueTask>>(
            AsValueTask(call), Context, Provider, Cancellation).Compile();
        return sources.Any(bound => bound.Source == Source.Service && !registered.IsSingleton(bound.Parameter.ParameterType))
            ? InScope(body)
            : (context, cancellationToken) => body(context, services, cancellationToken);
    }

    private enum Source
    {
        Payload,
        Key,
        Header,
        Service,
        Context,
        Cancellation,
    }

    private Source SourceOf(ParameterInfo parameter) => parameter switch
    {
        _ when parameter.IsDefined(typeof(FromValueAttribute)) => Source.Payload,
        _ when parameter.IsDefined(typeof(FromKeyAttribute)) => Source.Key,
        _ when parameter.IsDefined(typeof(FromHeaderAttribute)) => Source.Header,
        _ when parameter.IsDefined(typeof(FromServicesAttribute)) => Source.Service,
        { ParameterType: var type } when type == typeof(RecordContext) => Source.Context,
        { ParameterType: var type } when type == typeof(CancellationToken) => Source.Cancellation,
        { ParameterType: var type } when registered.Contains(type) => Source.Service,
        _ => Source.Payload,
    };

    private static void CheckShape(MethodInfo method, List<(ParameterInfo Parameter, Source Source)> sources, ICollection<string> errors)
    {
        if (method.ReturnType == typeof(void) && method.IsDefined(typeof(AsyncStateMachineAttribute)))
        {
            errors.Add("the handler is 'async void': nobody could know when it is done. Return Task.");
        }
        else if (IsUnfinished(method.ReturnType))
        {
            errors.Add($"the handler returns {method.ReturnType.Name}, and its record would be done before that is. Return nothing, Task or ValueTask.");
        }

        var payloads = sources.Where(bound => bound.Source == Source.Payload).Select(bound => Name(bound.Parameter)).ToList();
        if (payloads.Count > 1)
        {
            errors.Add($"only one of {string.Join(", ", payloads)} can be the record's value. Register the others as services, or mark them [FromKey], [FromHeader(\"...\")].");
        }
        else if (payloads.Count == 0 && sources.TrueForAll(bound => bound.Source != Source.Context))
        {
            errors.Add("no parameter takes the record's value. Add one of the payload's type (marked [FromValue] where that type is registered as a service), or a RecordContext.");
        }
    }

    private Expression Argument(ParameterInfo parameter, Source source, ICollection<string> errors)
    {
        switch (source)
        {
            case Source.Context:
                return Context;
            case Source.Cancellation:
                return Cancellation;
            case Source.Service:
                if (!registered.Contains(parameter.ParameterType))
                {
                    errors.Add($"{Name(parameter)} is not registered as a service.");
                }

                return Expression.Call(typeof(ServiceProviderServiceExtensions), nameof(ServiceProviderServiceExtensions.GetRequiredService), [parameter.ParameterType], Provider);
            case Source.Payload:
                return Payload(parameter, errors);
            default:
                return Text(parameter, source, errors);
        }
    }

    private Expression Payload(ParameterInfo parameter, ICollection<string> errors)
    {
        var type = parameter.ParameterType;
        if (type.IsInterface || (type.IsAbstract && !type.IsSealed))
        {
            errors.Add($"{Name(parameter)} is neither a registered service nor something that can be read from a record. Register it.");
            return Expression.Default(type);
        }

        try
        {
            var make = typeof(ValueReaders).GetMethod(nameof(ValueReaders.ForPayload))!.MakeGenericMethod(type);
            return Read(make.Invoke(null, [parameter.Name, IsNullable(parameter), options.Json])!, nameof(RecordContext.Value));
        }
        catch (TargetInvocationException exception) when (exception.InnerException is NotSupportedException or InvalidOperationException)
        {
            errors.Add($"{Name(parameter)} cannot be read as JSON: {exception.InnerException.Message}");
            return Expression.Default(type);
        }
    }

    private static Expression Text(ParameterInfo parameter, Source source, ICollection<string> errors)
    {
        var header = parameter.GetCustomAttribute<FromHeaderAttribute>()?.Name;
        var make = typeof(ValueReaders).GetMethod(nameof(ValueReaders.ForText))!.MakeGenericMethod(parameter.ParameterType);
        var reader = make.Invoke(null, [source == Source.Key ? "key" : $"header '{header}'", IsNullable(parameter)]);
        if (reader is null)
        {
            errors.Add($"{Name(parameter)} cannot be read from a key or header. Use string, ReadOnlyMemory<byte>, or a type that parses from text.");
            return Expression.Default(parameter.ParameterType);
        }

        return source == Source.Key
            ? Read(reader, nameof(RecordContext.Key))
            : Expression.Invoke(Expression.Constant(reader), Expression.Call(typeof(HandlerBinder), nameof(LastHeader), null, Context, Expression.Constant(header)));
    }

    private static InvocationExpression Read(object reader, string property) =>
        Expression.Invoke(Expression.Constant(reader), Expression.Property(Context, property));

    private static ReadOnlyMemory<byte>? LastHeader(RecordContext context, string name)
    {
        for (var index = context.Headers.Count - 1; index >= 0; index--)
        {
            if (context.Headers[index].Name == name)
            {
                return context.Headers[index].Value;
            }
        }

        return null;
    }

    /// <summary>A result, if there is one, is not used: <c>async order => await billing.Charge(order)</c> returns whatever Charge does.</summary>
    private static Expression AsValueTask(Expression call) => call.Type switch
    {
        var type when type == typeof(ValueTask) => call,
        var type when type.IsAssignableTo(typeof(Task)) => Expression.New(typeof(ValueTask).GetConstructor([typeof(Task)])!, call),
        var type when IsValueTaskOfT(type) => AsValueTask(Expression.Call(call, nameof(ValueTask<>.AsTask), null)),
        _ => Expression.Block(call, Expression.Default(typeof(ValueTask))),
    };

    /// <summary>Something that goes on after the call and that we do not know how to await.</summary>
    private static bool IsUnfinished(Type type) =>
        type != typeof(ValueTask) && !type.IsAssignableTo(typeof(Task)) && !IsValueTaskOfT(type)
        && (type.GetMethod("GetAwaiter") is not null || IsAsyncEnumerable(type) || type.GetInterfaces().Any(IsAsyncEnumerable));

    private static bool IsValueTaskOfT(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>);

    private static bool IsAsyncEnumerable(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>);

    private RecordHandler InScope(Func<RecordContext, IServiceProvider, CancellationToken, ValueTask> body) => async (context, cancellationToken) =>
    {
        await using var scope = services.CreateAsyncScope();
        await body(context, scope.ServiceProvider, cancellationToken).ConfigureAwait(false);
    };

    // A context of its own for each parameter: it caches what it finds and is not thread-safe, and several hosts may start at the same time.
    private static bool IsNullable(ParameterInfo parameter) =>
        Nullable.GetUnderlyingType(parameter.ParameterType) is not null
        || (!parameter.ParameterType.IsValueType && new NullabilityInfoContext().Create(parameter).ReadState == NullabilityState.Nullable);

    private static string Name(ParameterInfo parameter) => $"'{parameter.ParameterType.Name} {parameter.Name}'";
}
