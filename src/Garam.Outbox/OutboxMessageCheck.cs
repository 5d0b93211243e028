using System.Text;

namespace Garam.Outbox;

/// <summary>Rejects messages that no Kafka could ever take, while their writer can still be told.</summary>
internal static class OutboxMessageCheck
{
    /// <summary>The most that a broker takes in one request as Kafka ships it (<c>socket.request.max.bytes</c>), with room for what
    /// surrounds a record.</summary>
    internal const int MaxBytes = (100 << 20) - (64 << 10);

    private const int LongestTopicName = 249;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="ArgumentException">The message says what is wrong with it.</exception>
    public static void EnsureDeliverable(OutboxMessage message)
    {
        if (!IsTopicName(message.Topic))
        {
            throw new ArgumentException(
                $"'{message.Topic}' is not a valid topic name: use 1 to {LongestTopicName} of the characters a-z, A-Z, 0-9, "
                + "'.', '_' and '-', and neither '.' nor '..' alone.");
        }

        var bytes = (message.Key is { } key ? Bytes(key, "The key") : 0) + (message.Value?.LongLength ?? 0);
        foreach (var header in message.Headers)
        {
            if (string.IsNullOrEmpty(header.Name))
                throw new ArgumentException($"A header of the message for topic '{message.Topic}' has no name: give it one.");
            bytes += Bytes(header.Name, "The name of a header") + (header.Value?.Length ?? 0);
        }

        if (bytes > MaxBytes)
            throw new ArgumentException($"The message for topic '{message.Topic}' has {bytes:N0} bytes, "
                + $"and no broker takes more than {MaxBytes:N0}: send less, or a reference to the data.");
    }

    public static bool IsTopicName(string? name) => name is { Length: > 0 and <= LongestTopicName } and not ("." or "..")
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    private static long Bytes(string text, string what)
    {
        try
        {
            return Strict.GetByteCount(text);
        }
        catch (EncoderFallbackException error)
        {
            throw new ArgumentException($"{what} has half of a surrogate pair at position {error.Index}, which is not text: remove it.", error);
        }
    }
}
