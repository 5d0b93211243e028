using Garam.Messaging.Producing;

namespace Garam.Messaging.Endpoints;

/// <summary>The record that is being handled: its bytes and where they come from.</summary>
public sealed class RecordContext
{
    private static readonly long Earliest = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly long Latest = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>The consumer group that handles it.</summary>
    public required string Group { get; init; }

    /// <summary>Topic that it was read from.</summary>
    public required string Topic { get; init; }

    /// <summary>Partition, from 0.</summary>
    public required int Partition { get; init; }

    /// <summary>Offset within the partition.</summary>
    public required long Offset { get; init; }

    /// <summary>Topic, partition and offset together: the record's place.</summary>
    public RecordPosition Position => new(Topic, Partition, Offset);

    /// <summary>
    /// When it was created or, where the topic says so, appended. UTC. Kafka takes times that a <see cref="DateTimeOffset"/> cannot hold: here they are the
    /// nearest that it can, and <see cref="TimestampMilliseconds"/> is exact.
    /// </summary>
    public DateTimeOffset Timestamp
    {
        get => DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(TimestampMilliseconds, Earliest, Latest));
        init => TimestampMilliseconds = value.ToUnixTimeMilliseconds();
    }

    /// <summary>The same in milliseconds since 1970, as it was written.</summary>
    public long TimestampMilliseconds { get; init; }

    /// <summary>Key as it was written, or null.</summary>
    public ReadOnlyMemory<byte>? Key { get; init; }

    /// <summary>Value as it was written; null for a tombstone.</summary>
    public ReadOnlyMemory<byte>? Value { get; init; }

    /// <summary>Headers in their order.</summary>
    public IReadOnlyList<RecordHeader> Headers { get; init; } = [];

    /// <summary>1 for the first try of this process, 2 after one failure, ...</summary>
    public int Attempt { get; internal set; } = 1;
}
