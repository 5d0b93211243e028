using System.Text;

namespace Garam.Background;

/// <summary>
/// Reads the text of an exception. <see cref="Exception.Message"/> and <see cref="Exception.ToString"/> can be overridden, and the override may throw; that of an
/// exception with thousands of inner exceptions, or with shared ones, can take minutes or more memory than there is. Where failures are reported, neither must
/// hide the failure or end the work that reports it.
/// </summary>
public static class ExceptionText
{
    private const int MaxExceptions = 64;
    private const int MaxMessage = 16 * 1024;
    private const int MaxFull = 64 * 1024;

    /// <summary>The message, or one sentence that says why it cannot be read; at most about 16,000 characters.</summary>
    public static string Message(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);

        // The message of an AggregateException repeats those of all its inner exceptions.
        return exception is AggregateException && HasMany(exception)
            ? $"({exception.GetType().FullName} with more than {MaxExceptions} inner exceptions.{Innermost(exception)})"
            : Cut(Read(exception, static exception => exception.Message), MaxMessage);
    }

    /// <summary>The whole exception with its stack, likewise; at most about 64,000 characters.</summary>
    public static string Full(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return IsLarge(exception) ? Parts(exception) : Cut(Read(exception, static exception => exception.ToString()), MaxFull);
    }

    /// <summary>The exception to give to a logger, which will ask for its text: itself, or a stand-in with the first part of a text that is too long.</summary>
    public static Exception ForLog(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return IsLarge(exception) ? new LargeException(Message(exception), Parts(exception)) : exception;
    }

    private static bool IsLarge(Exception exception) =>
        HasMany(exception) || Tree(exception).Any(part => Read(part, static part => part.Message).Length > MaxMessage);

    /// <summary>Counts as the text would repeat them: one that is shared is counted each time.</summary>
    private static bool HasMany(Exception exception) => Tree(exception).Skip(MaxExceptions).Any();

    private static IEnumerable<Exception> Tree(Exception exception)
    {
        var waiting = new Stack<Exception>([exception]);
        while (waiting.TryPop(out var current))
        {
            yield return current;
            foreach (var inner in Inner(current).Reverse())
            {
                waiting.Push(inner);
            }
        }
    }

    private static IEnumerable<Exception> Inner(Exception exception) => exception switch
    {
        AggregateException several => several.InnerExceptions.Take(MaxExceptions),
        { InnerException: { } inner } => [inner],
        _ => [],
    };

    private static string Parts(Exception exception)
    {
        var text = new StringBuilder();
        foreach (var part in Tree(exception).Take(MaxExceptions).Distinct<Exception>(ReferenceEqualityComparer.Instance).TakeWhile(_ => text.Length < MaxFull))
        {
            text.Append(part.GetType().FullName).Append(": ").AppendLine(Message(part)).AppendLine(Read(part, static part => part.StackTrace));
        }

        return Cut(text.ToString(), MaxFull) + "(Not all of this exception and its inner exceptions is shown.)";
    }

    private static string Innermost(Exception exception)
    {
        var first = Tree(exception).Take(MaxExceptions).FirstOrDefault(part => part is not AggregateException);
        return first is null ? "" : $" The first: {first.GetType().FullName}: {Message(first)}";
    }

    private static string Cut(string text, int length) => text.Length > length ? $"{text[..length]}... ({text.Length - length:N0} more characters)" : text;

    private static string Read(Exception exception, Func<Exception, string?> text)
    {
        try
        {
            return text(exception) ?? "";
        }
        catch (Exception failure)
        {
            return $"(The text of this {exception.GetType().FullName} cannot be read: reading it threw {failure.GetType().FullName}.)";
        }
    }

    private sealed class LargeException(string message, string text) : Exception(message)
    {
        public override string ToString() => text;
    }
}
