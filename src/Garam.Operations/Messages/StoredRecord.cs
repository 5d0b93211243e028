using System.Globalization;
using Confluent.Kafka;
using Garam.Messaging.Producing;

namespace Garam.Operations.Messages;

/// <summary>Where a record lies: no two records of a cluster share it.</summary>
public readonly record struct StoredPlace(string Topic, int Partition, long Offset)
{
    /// <summary><c>TOPIC:PARTITION:OFFSET</c>, as headers name a record: a topic's name has no colon.</summary>
    public string ToHeader() => string.Create(CultureInfo.InvariantCulture, $"{Topic}:{Partition}:{Offset}");

    /// <summary>Reads what <see cref="ToHeader"/> writes; null: the text is no place.</summary>
    public static StoredPlace? TryParseHeader(string? text) =>
        text?.Split(':') is [{ Length: > 0 } topic, var partition, var offset]
        && int.TryParse(partition, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && long.TryParse(offset, NumberStyles.None, CultureInfo.InvariantCulture, out var place)
            ? new StoredPlace(topic, number, place)
            : null;

    /// <summary><c>TOPIC/PARTITION/OFFSET</c>, for a person.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Topic}/{Partition}/{Offset}");
}

/// <summary>A record as it lies in its partition: bytes, untouched.</summary>
/// <param name="Topic">Its topic.</param>
/// <param name="Partition">Its partition, from 0.</param>
/// <param name="Offset">Its place in the partition.</param>
/// <param name="TimestampMs">Milliseconds since 1970 as the record says, which may be any 64-bit number; null: it has none.</param>
/// <param name="Key">Null and empty are different things.</param>
/// <param name="Value">Null: a tombstone.</param>
/// <param name="Headers">In their order; names may repeat.</param>
public sealed record StoredRecord(string Topic, int Partition, long Offset, long? TimestampMs, byte[]? Key, byte[]? Value, IReadOnlyList<RecordHeader> Headers)
{
    private static readonly long Earliest = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly long Latest = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    internal TopicPartition TopicPartition => new(Topic, Partition);

    public StoredPlace Place => new(Topic, Partition, Offset);

    /// <summary>The time, UTC. What lies outside of the calendar (microseconds taken for milliseconds, say) is shown at its edge: <see cref="TimestampMs"/> is exact.</summary>
    public DateTimeOffset? Timestamp => TimestampMs is { } time ? DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(time, Earliest, Latest)) : null;

    /// <summary>Bytes of key, value and headers together.</summary>
    public int Size => (Key?.Length ?? 0) + (Value?.Length ?? 0) + Headers.Sum(header => header.Name.Length + (header.Value?.Length ?? 0));

    /// <summary>The last header of that name, read as UTF-8; null when there is none.</summary>
    public string? Header(string name)
    {
        for (var at = Headers.Count - 1; at >= 0; at--)
        {
            if (Headers[at].Name == name)
                return Headers[at].AsText();
        }

        return null;
    }

    /// <summary>A record as the client gives it.</summary>
    public static StoredRecord From(ConsumeResult<byte[]?, byte[]?> result)
    {
        var message = result.Message;
        return new StoredRecord(
            result.Topic,
            result.Partition.Value,
            result.Offset.Value,
            message.Timestamp.Type is TimestampType.NotAvailable ? null : message.Timestamp.UnixTimestampMs,
            message.Key,
            message.Value,
            message.Headers is { Count: > 0 } headers ? [.. headers.Select(header => new RecordHeader(header.Key, RecordBytes.OrNull(header.GetValueBytes())))] : []);
    }
}
