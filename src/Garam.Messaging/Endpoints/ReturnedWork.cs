using System.Collections.Concurrent;
using System.Reflection;

namespace Garam.Messaging.Endpoints;

/// <summary>
/// Awaits what a handler has returned by the type that it really has, which its declaration may not show: <c>Task.Factory.StartNew(async () => ...)</c>
/// is declared as a Task and is a task of a task. What cannot be awaited fails the record: its work would go on, or never run, unseen.
/// </summary>
internal static class ReturnedWork
{
    // No handler nests as deep; a task can even be its own result.
    private const int MaxDepth = 16;

    // One entry for each type that handlers have returned. Null: nothing to wait for but the task itself.
    private static readonly ConcurrentDictionary<Type, Func<object, int, ValueTask>?> Awaiters = new();

    /// <summary>The end of a task. Usual tasks cost a look at their type and nothing more.</summary>
    public static ValueTask EndOfTask(Task task) => EndOfTask(task, 0);

    /// <summary>The same of a value task.</summary>
    public static ValueTask EndOfValueTask(ValueTask task) => task == default ? default : EndOfTask(task.AsTask(), 0);

    /// <summary>The same of a result that may be a task.</summary>
    public static ValueTask EndOfObject(object? result) => EndOf(result, 0);

    private static ValueTask EndOfTask(Task task, int depth)
    {
        if (task is null || task.GetType() == typeof(Task))
        {
            return new ValueTask(task!);
        }

        return AwaiterOf(task.GetType()) is { } awaiter ? awaiter(task, depth) : new ValueTask(task);
    }

    private static ValueTask EndOf(object? result, int depth) => result switch
    {
        _ when depth > MaxDepth => throw new InvalidOperationException($"The handler returned tasks nested more than {MaxDepth} deep. Return one Task."),
        null => default,
        Task task => EndOfTask(task, depth),
        ValueTask task => EndOfTask(task.AsTask(), depth),
        _ => AwaiterOf(result.GetType())?.Invoke(result, depth) ?? default,
    };

    private static Func<object, int, ValueTask>? AwaiterOf(Type type) =>
        Awaiters.TryGetValue(type, out var known) ? known : Awaiters.GetOrAdd(type, MakeAwaiter(type));

    private static Func<object, int, ValueTask>? MakeAwaiter(Type type)
    {
        if (ResultTypes.ResultOf(type) is { } result)
        {
            if (type.IsValueType)
            {
                return Generic(nameof(EndOfValueResultAsync), result);
            }

            return ResultTypes.MayBeWork(result) ? Generic(nameof(EndOfResultAsync), result) : null;
        }

        return type.IsAssignableTo(typeof(Task)) || ResultTypes.Refusal(type) is not { } refusal
            ? null
            : (_, _) => throw new InvalidOperationException($"The handler returned {refusal}");
    }

    private static Func<object, int, ValueTask> Generic(string method, Type result) =>
        typeof(ReturnedWork).GetMethod(method, BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(result).CreateDelegate<Func<object, int, ValueTask>>();

    private static async ValueTask EndOfResultAsync<T>(object task, int depth)
    {
        var result = await ((Task<T>)task).ConfigureAwait(false);
        await (typeof(T).IsAssignableTo(typeof(Task)) ? EndOfTask((Task)(object)result!, depth + 1) : EndOf(result, depth + 1)).ConfigureAwait(false);
    }

    private static async ValueTask EndOfValueResultAsync<T>(object task, int depth) =>
        await EndOf(await ((ValueTask<T>)task).ConfigureAwait(false), depth + 1).ConfigureAwait(false);
}
