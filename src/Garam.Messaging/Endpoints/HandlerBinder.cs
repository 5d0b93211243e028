using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using Garam.Background;
using Garam.Messaging.Health;
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
        var sources = Sources(handler);
        var before = errors.Count;
        CheckShape(handler, sources, errors);
        var arguments = sources.Select(bound => Argument(bound.Parameter, bound.Source, errors)).ToList();
        if (errors.Count > before)
        {
            return null;
        }

        var call = Expression.Invoke(Expression.Constant(handler), arguments);
        var body = Expression.Lambda<Func<RecordContext, IServiceProvider, CancellationToken, ValueTask>>(
            HandlerResult.AsValueTask(call), Context, Provider, Cancellation).Compile();
        return sources.Any(bound => bound.Source == Source.Service && !registered.IsSingleton(bound.Parameter.ParameterType, HandlerServices.KeyOf(bound.Parameter)))
            ? InScope(body)
            : (context, cancellationToken) => body(context, services, cancellationToken);
    }

    /// <summary>Constructs and disposes of each service of a handler once, to find what the container lacks before the first record does.</summary>
    public async Task<IReadOnlyList<string>> MissingServicesAsync(Delegate handler)
    {
        List<ParameterInfo> taken = [.. Sources(handler).Where(bound => bound.Source == Source.Service).Select(bound => bound.Parameter)];
        var scope = services.CreateAsyncScope();
        List<string> missing = [.. taken.Select(parameter => HandlerServices.Missing(parameter, scope.ServiceProvider)).OfType<string>()];
        try
        {
            await scope.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            missing.Add($"the services that {HandlerName.Of(handler)} takes ({string.Join(", ", taken.Select(Name))}), or services of theirs, cannot be disposed of: "
                + $"{exception.GetType().Name}: {ExceptionText.Message(exception)} Correct Dispose: it would fail after every record.");
        }

        return missing;
    }

    public static string Name(ParameterInfo parameter) => $"'{parameter.ParameterType.Name} {parameter.Name}'";

    private enum Source
    {
        Payload,
        Key,
        Header,
        Service,
        Context,
        Cancellation,
        Http,
        Unknown,
    }

    private List<(ParameterInfo Parameter, Source Source)> Sources(Delegate handler) =>
        [.. handler.Method.GetParameters().Select(parameter => (parameter, SourceOf(parameter)))];

    private Source SourceOf(ParameterInfo parameter) => parameter switch
    {
        _ when parameter.IsDefined(typeof(FromValueAttribute)) => Source.Payload,
        _ when parameter.IsDefined(typeof(FromKeyAttribute)) => Source.Key,
        _ when parameter.IsDefined(typeof(FromHeaderAttribute)) => Source.Header,
        _ when parameter.IsDefined(typeof(FromServicesAttribute)) || parameter.IsDefined(typeof(FromKeyedServicesAttribute)) => Source.Service,
        _ when HttpBinding.Of(parameter) is not null => Source.Http,
        { ParameterType: var type } when type == typeof(RecordContext) => Source.Context,
        { ParameterType: var type } when type == typeof(CancellationToken) => Source.Cancellation,
        { ParameterType: var type } when registered.Contains(type) => Source.Service,
        { ParameterType: var type } when !IsReadable(type) => Source.Unknown,
        _ => Source.Payload,
    };

    /// <summary>JSON can be read into an interface or abstract class only where that says which of its types to construct, or is a collection.</summary>
    private bool IsReadable(Type type)
    {
        try
        {
            return !type.IsAbstract || options.Json.GetTypeInfo(type) is not { Kind: JsonTypeInfoKind.Object, CreateObject: null, PolymorphismOptions: null };
        }
        catch (Exception exception) when (exception is NotSupportedException or InvalidOperationException)
        {
            // Said with its reason where the reader is made.
            return true;
        }
    }

    private static void CheckShape(Delegate handler, List<(ParameterInfo Parameter, Source Source)> sources, ICollection<string> errors)
    {
        if (HandlerResult.Error(handler) is { } error)
        {
            errors.Add(error);
        }

        var payloads = sources.Where(bound => bound.Source == Source.Payload).Select(bound => Name(bound.Parameter)).ToList();
        if (payloads.Count > 1)
        {
            errors.Add($"only one of {string.Join(", ", payloads)} can be the record's value. Register the others as services, or mark them [FromKey], [FromHeader(\"...\")].");
        }
        else if (payloads.Count == 0 && sources.TrueForAll(bound => bound.Source is not (Source.Context or Source.Http or Source.Unknown)))
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
            case Source.Service when registered.Contains(parameter.ParameterType, HandlerServices.KeyOf(parameter)):
                return HandlerServices.Get(parameter, Provider);
            case Source.Service:
                return Unbound(parameter, errors, HandlerServices.KeyOf(parameter) is { } key ? $"is not registered as a service with the key '{key}'." : "is not registered as a service.");
            case Source.Http:
                return Unbound(parameter, errors, HttpBinding.Of(parameter)!);
            case Source.Unknown:
                return Unbound(parameter, errors, "is neither a registered service nor a type that JSON can be read into. Register it, or take a concrete type or one with [JsonPolymorphic].");
            case Source.Payload:
                return Payload(parameter, errors);
            default:
                return Text(parameter, source, errors);
        }
    }

    private static Expression Unbound(ParameterInfo parameter, ICollection<string> errors, string error)
    {
        errors.Add($"{Name(parameter)} {error}");
        return Expression.Default(parameter.ParameterType);
    }

    private Expression Payload(ParameterInfo parameter, ICollection<string> errors)
    {
        if (!IsReadable(parameter.ParameterType))
        {
            return Unbound(parameter, errors, "cannot be read from JSON: it is an interface or abstract. Take a concrete type, or one with [JsonPolymorphic].");
        }

        try
        {
            var make = typeof(ValueReaders).GetMethod(nameof(ValueReaders.ForPayload))!.MakeGenericMethod(parameter.ParameterType);
            return Read(make.Invoke(null, [parameter.Name, IsNullable(parameter), options.Json])!, nameof(RecordContext.Value));
        }
        catch (TargetInvocationException exception) when (exception.InnerException is NotSupportedException or InvalidOperationException)
        {
            return Unbound(parameter, errors, $"cannot be read as JSON: {ExceptionText.Message(exception.InnerException)}");
        }
    }

    private static Expression Text(ParameterInfo parameter, Source source, ICollection<string> errors)
    {
        var header = parameter.GetCustomAttribute<FromHeaderAttribute>()?.Name;
        var make = typeof(ValueReaders).GetMethod(nameof(ValueReaders.ForText))!.MakeGenericMethod(parameter.ParameterType);
        var reader = make.Invoke(null, [source == Source.Key ? "key" : $"header '{header}'", IsNullable(parameter)]);
        if (reader is null)
        {
            return Unbound(parameter, errors, "cannot be read from a key or header. Use string, ReadOnlyMemory<byte>, or a type that parses from text.");
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

    private RecordHandler InScope(Func<RecordContext, IServiceProvider, CancellationToken, ValueTask> body) => async (context, cancellationToken) =>
    {
        await using var scope = services.CreateAsyncScope();
        await body(context, scope.ServiceProvider, cancellationToken).ConfigureAwait(false);
    };

    // A context of its own for each parameter: it caches what it finds and is not thread-safe, and several hosts may start at the same time.
    private static bool IsNullable(ParameterInfo parameter) =>
        Nullable.GetUnderlyingType(parameter.ParameterType) is not null
        || (!parameter.ParameterType.IsValueType && new NullabilityInfoContext().Create(parameter).ReadState == NullabilityState.Nullable);
}
