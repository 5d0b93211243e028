using Garam.Messaging.Producing;

namespace Garam.Operations.Messages;

/// <summary>A record to write.</summary>
/// <param name="Topic">An existing topic.</param>
/// <param name="Key">Decides the partition where none is given; null: any.</param>
/// <param name="Value">Null: a tombstone.</param>
public sealed record NewRecord(string Topic, byte[]? Key, byte[]? Value)
{
    /// <summary>Headers in their order; names may repeat. Default none.</summary>
    public IReadOnlyList<RecordHeader> Headers { get; init; } = [];

    /// <summary>Partition, from 0. Default null: by the key's hash (murmur2, as the Java client does).</summary>
    public int? Partition { get; init; }

    /// <summary>Milliseconds since 1970. Default null: now. 0 is written as now, too: the client takes it for no time.</summary>
    public long? TimestampMs { get; init; }
}
