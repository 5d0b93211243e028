namespace Garam.Outbox.Sqlite;

/// <summary>
/// Rejects commands that are asynchronous: the transaction would be committed at their first <c>await</c>, and the rest would run outside
/// of it.
/// </summary>
internal static class AsynchronousCommand
{
    /// <summary>For the compiler, and for exceptions.</summary>
    public const string Message = "A command of the store must be synchronous: the transaction is committed when it returns, not when its task has completed. "
        + "Do what has to be awaited before or after WriteAsync.";

    public static AsynchronousCommandException Rejected() => new(Message);

    /// <summary>By its type alone; decided once for each type.</summary>
    public static bool IsAwaitable<T>() => ResultOf<T>.IsAwaitable;

    /// <summary>By what the command has returned, where its type does not tell.</summary>
    public static bool IsAwaitable<T>(T result) => ResultOf<T>.MayBeAwaitable && result is { } value && IsAwaitable(value.GetType());

    private static bool IsAwaitable(Type type) => type.IsAssignableTo(typeof(Task))
        || type == typeof(ValueTask)
        || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>))
        || IsAsyncSequence(type)
        || type.GetInterfaces().Any(IsAsyncSequence);

    private static bool IsAsyncSequence(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IAsyncEnumerable<>);

    private static class ResultOf<T>
    {
        public static readonly bool IsAwaitable = AsynchronousCommand.IsAwaitable(typeof(T));

        public static readonly bool MayBeAwaitable = IsAwaitable || typeof(T).IsInterface || typeof(T) == typeof(object);
    }
}

/// <summary>Nothing of the command was kept.</summary>
internal sealed class AsynchronousCommandException(string message) : ArgumentException(message);
