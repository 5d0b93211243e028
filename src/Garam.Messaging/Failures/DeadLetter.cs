using System.Globalization;
using Garam.Messaging.Endpoints;
using Garam.Messaging.Producing;

namespace Garam.Messaging.Failures;

/// <summary>What is written about one record that was given up: in full, or, where the topic does not take that, with less.</summary>
internal sealed class DeadLetter(TopicEndpoint endpoint, RecordContext record, Exception reason, DateTimeOffset at)
{
    // Of the smallest limit that is sensible for a topic (max.message.bytes), a letter without the record's value takes this at most.
    private const int MaxKeptBytes = 16 * 1024;

    public string Topic => endpoint.DeadLetterTopic;

    /// <summary>Bytes of the record's key, value and headers, uncompressed.</summary>
    public long Bytes => Length(record.Key) + Length(record.Value) + HeaderBytes;

    public ProducerRecord Whole => Of(record.Key, record.Value, [.. record.Headers, .. Headers(withStack: true)]);

    public ProducerRecord WithoutStack => Of(record.Key, record.Value, [.. record.Headers, .. Headers(withStack: false)]);

    /// <summary>Says where the record is, and what is missing here.</summary>
    public ProducerRecord WithoutValue => Of(
        Length(record.Key) <= MaxKeptBytes ? record.Key : null,
        null,
        [
            .. HeaderBytes <= MaxKeptBytes ? record.Headers : [],
            .. Headers(withStack: false),
            RecordHeader.Text(DeadLetterHeaders.Omitted, Bytes.ToString(CultureInfo.InvariantCulture)),
        ]);

    /// <summary>The same letter for a topic that does not take the record's time.</summary>
    public static ProducerRecord WithTimeInHeader(ProducerRecord letter) => letter with
    {
        TimestampMilliseconds = null,
        Headers = [.. letter.Headers, RecordHeader.Text(DeadLetterHeaders.Timestamp, letter.TimestampMilliseconds!.Value.ToString(CultureInfo.InvariantCulture))],
    };

    private long HeaderBytes => record.Headers.Sum(header => header.Name.Length + Length(header.Value));

    private IEnumerable<RecordHeader> Headers(bool withStack) => DeadLetterHeaders.For(record, reason, at, withStack);

    private ProducerRecord Of(ReadOnlyMemory<byte>? key, ReadOnlyMemory<byte>? value, IReadOnlyList<RecordHeader> headers) => new(endpoint.DeadLetterTopic, key, value)
    {
        Partition = record.Partition,
        TimestampMilliseconds = record.TimestampMilliseconds,
        Headers = headers,
    };

    private static long Length(ReadOnlyMemory<byte>? bytes) => bytes?.Length ?? 0;
}
