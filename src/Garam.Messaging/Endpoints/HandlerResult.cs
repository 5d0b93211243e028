using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Garam.Messaging.Endpoints;

/// <summary>What a handler returns: when its record is done.</summary>
internal static class HandlerResult
{
    /// <summary>Null when the end of the handler can be awaited.</summary>
    public static string? Error(MethodInfo method)
    {
        if (method.ReturnType == typeof(void) && method.IsDefined(typeof(AsyncStateMachineAttribute)))
        {
            return "the handler is 'async void', so the end of its work cannot be awaited. Return Task.";
        }

        if (method.IsDefined(typeof(IteratorStateMachineAttribute)))
        {
            return "the handler is an iterator ('yield return'), whose code would never run. Return nothing, Task or ValueTask.";
        }

        return IsUnfinished(method.ReturnType)
            ? $"the handler returns {method.ReturnType.Name}, and its record would be done before that is. Return nothing, Task or ValueTask."
            : null;
    }

    /// <summary>A result, if there is one, is not used: <c>async order => await billing.Charge(order)</c> returns whatever Charge does.</summary>
    public static Expression AsValueTask(Expression call) => call.Type switch
    {
        var type when type == typeof(ValueTask) => call,
        var type when type == typeof(object) => Expression.Call(typeof(HandlerResult), nameof(OfObject), null, call),
        var type when ResultOf(type) is { } result => OfResult(type.IsValueType ? Expression.Call(call, nameof(ValueTask<>.AsTask), null) : call, result),
        var type when type.IsAssignableTo(typeof(Task)) => Expression.New(typeof(ValueTask).GetConstructor([typeof(Task)])!, call),
        _ => Expression.Block(call, Expression.Default(typeof(ValueTask))),
    };

    /// <summary>A task whose result is a task is not done before that: <c>Task.Factory.StartNew(async () => ...)</c>.</summary>
    private static Expression OfResult(Expression task, Type result)
    {
        if (result != typeof(object) && result != typeof(ValueTask) && !result.IsAssignableTo(typeof(Task)) && ResultOf(result) is null)
        {
            return Expression.New(typeof(ValueTask).GetConstructor([typeof(Task)])!, task);
        }

        var parameter = Expression.Parameter(result);
        var inner = Expression.Lambda(typeof(Func<,>).MakeGenericType(result, typeof(ValueTask)), AsValueTask(parameter), parameter).Compile();
        return Expression.Call(typeof(HandlerResult), nameof(BothAsync), [result], task, Expression.Constant(inner));
    }

    private static async ValueTask BothAsync<T>(Task<T> outer, Func<T, ValueTask> inner) => await inner(await outer.ConfigureAwait(false)).ConfigureAwait(false);

    private static ValueTask OfObject(object? result) => result switch
    {
        Task task => new ValueTask(task),
        ValueTask task => task,
        _ => default,
    };

    /// <summary>The type of a task's result; null: it has none, or the type is no task.</summary>
    private static Type? ResultOf(Type type)
    {
        for (var current = type; current is not null; current = current.BaseType)
        {
            if (current.IsGenericType && (current.GetGenericTypeDefinition() == typeof(Task<>) || current.GetGenericTypeDefinition() == typeof(ValueTask<>)))
            {
                return current.GetGenericArguments()[0];
            }
        }

        return null;
    }

    /// <summary>Something that goes on after the call and that we do not know how to await.</summary>
    private static bool IsUnfinished(Type type) => ResultOf(type) is { } result
        ? IsUnfinished(result)
        : type != typeof(ValueTask) && !type.IsAssignableTo(typeof(Task))
            && (type.GetMethod("GetAwaiter") is not null || IsAsyncEnumerable(type) || type.GetInterfaces().Any(IsAsyncEnumerable));

    private static bool IsAsyncEnumerable(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>);
}
