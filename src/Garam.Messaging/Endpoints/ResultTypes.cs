using System.Collections;

namespace Garam.Messaging.Endpoints;

/// <summary>What the type of a handler's result says about work that is not finished when the handler returns.</summary>
internal static class ResultTypes
{
    // A type may be a collection of itself.
    private const int MaxDepth = 4;

    /// <summary>The type of a task's result; null: it has none, or the type is not a task.</summary>
    public static Type? ResultOf(Type type)
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

    /// <summary>Whether an object declared as this type can be a task, or hold tasks.</summary>
    public static bool MayBeWork(Type type) => IsTask(type)
        || type.IsAssignableFrom(typeof(Task))
        || type.IsAssignableFrom(typeof(Task[]))
        || (type.IsInterface && type.IsAssignableTo(typeof(IEnumerable)))
        || Refusal(type) is not null;

    /// <summary>Why a result of this type cannot be awaited, as the end of "the handler returns ..."; null when it can, or has nothing to be awaited.</summary>
    public static string? Refusal(Type type)
    {
        if (ResultOf(type) is { } result)
        {
            return Refusal(result);
        }

        if (IsTask(type))
        {
            return null;
        }

        if (HoldsTasks(type, MaxDepth))
        {
            return $"{type.Name}, which holds tasks that are not awaited. Return one Task, for instance Task.WhenAll(...) of them.";
        }

        if (type.IsAssignableTo(typeof(IEnumerable)) && type.IsAssignableTo(typeof(IEnumerator)))
        {
            return $"{type.Name}, a sequence that is not enumerated, so its code would never run. Return nothing, Task or ValueTask.";
        }

        return type.GetMethod("GetAwaiter", Type.EmptyTypes) is not null || IsAsyncEnumerable(type) || type.GetInterfaces().Any(IsAsyncEnumerable)
            ? $"{type.Name}, and its record would be done before that is. Return nothing, Task or ValueTask."
            : null;
    }

    private static bool IsTask(Type type) => type == typeof(ValueTask) || type.IsAssignableTo(typeof(Task)) || ResultOf(type) is not null;

    /// <summary>Arrays and sequences of tasks, and whatever else names them as its parts: tuples, dictionaries, <c>Lazy</c>, <c>Func</c>.</summary>
    private static bool HoldsTasks(Type type, int depth) => depth > 0 && Parts(type).Any(part => IsTask(part) || HoldsTasks(part, depth - 1));

    private static IEnumerable<Type> Parts(Type type)
    {
        var items = type.GetInterfaces().Where(face => face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IEnumerable<>)).Append(type)
            .Where(part => part.IsGenericType).SelectMany(part => part.GetGenericArguments());
        return type.GetElementType() is { } element ? items.Append(element) : items;
    }

    private static bool IsAsyncEnumerable(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>);
}
