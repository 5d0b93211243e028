using System.Globalization;
using System.Text;
using Garam.Background;
using Garam.Messaging.Endpoints;
using Garam.Messaging.Producing;

namespace Garam.Messaging.Failures;

/// <summary>
/// The headers that a dead letter has beside the record's own, all of them UTF-8 text. With them a record can be found again,
/// understood and sent back. Part of the public surface: docs/messaging.md lists them.
/// </summary>
public static class DeadLetterHeaders
{
    /// <summary>Topic that the record comes from.</summary>
    public const string Topic = "garam.dlt.topic";

    /// <summary>Its partition there.</summary>
    public const string Partition = "garam.dlt.partition";

    /// <summary>Its offset there.</summary>
    public const string Offset = "garam.dlt.offset";

    /// <summary>Consumer group that gave it up.</summary>
    public const string Group = "garam.dlt.group";

    /// <summary>How often its handler was tried.</summary>
    public const string Attempts = "garam.dlt.attempts";

    /// <summary>Full name of the last exception's type.</summary>
    public const string Exception = "garam.dlt.exception";

    /// <summary>The last exception's message, at most 1,000 characters.</summary>
    public const string Message = "garam.dlt.message";

    /// <summary>When it was given up: ISO 8601, UTC.</summary>
    public const string At = "garam.dlt.at";

    /// <summary>The last exception in full, with what it was caused by and where each was thrown: the first 8 KiB.</summary>
    public const string Stack = "garam.dlt.stack";

    /// <summary>
    /// The record's time in milliseconds since 1970, where the dead-letter topic does not take it (INVALID_TIMESTAMP) and the letter has the time of its writing instead.
    /// </summary>
    public const string Timestamp = "garam.dlt.timestamp";

    /// <summary>
    /// Bytes of the record (key, value and headers) where the letter does not hold its value, because the dead-letter topic takes nothing as large:
    /// the record is where <see cref="Topic"/>, <see cref="Partition"/> and <see cref="Offset"/> say, for as long as its topic keeps it.
    /// </summary>
    public const string Omitted = "garam.dlt.omitted";

    /// <summary>The most that <see cref="Stack"/> holds. The top is kept: it says where.</summary>
    internal const int MaxStackBytes = 8 * 1024;

    private const int MaxMessageLength = 1_000;

    /// <summary>All of them begin so, and no header of a record's own should.</summary>
    public static string Prefix => "garam.dlt.";

    /// <param name="record">The record as it was read.</param>
    /// <param name="exception">Why it is given up.</param>
    /// <param name="now">When.</param>
    /// <param name="withStack">False where there is no room for it.</param>
    internal static IEnumerable<RecordHeader> For(RecordContext record, Exception exception, DateTimeOffset now, bool withStack)
    {
        yield return RecordHeader.Text(Topic, record.Topic);
        yield return RecordHeader.Text(Partition, record.Partition.ToString(CultureInfo.InvariantCulture));
        yield return RecordHeader.Text(Offset, record.Offset.ToString(CultureInfo.InvariantCulture));
        yield return RecordHeader.Text(Group, record.Group);
        yield return RecordHeader.Text(Attempts, record.Attempt.ToString(CultureInfo.InvariantCulture));
        yield return RecordHeader.Text(Exception, exception.GetType().FullName ?? exception.GetType().Name);
        var message = ExceptionText.Message(exception);
        yield return RecordHeader.Text(Message, message.Length > MaxMessageLength ? message[..MaxMessageLength] : message);
        yield return RecordHeader.Text(At, now.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        if (withStack)
        {
            yield return new RecordHeader(Stack, Head(ExceptionText.Full(exception), MaxStackBytes));
        }
    }

    /// <summary>The first bytes of a text, without half a character at their end.</summary>
    private static byte[] Head(string text, int maxBytes)
    {
        var bytes = new byte[Math.Min(maxBytes, Encoding.UTF8.GetMaxByteCount(text.Length))];
        Encoding.UTF8.GetEncoder().Convert(text, bytes, flush: true, out _, out var used, out _);
        return bytes[..used];
    }
}
