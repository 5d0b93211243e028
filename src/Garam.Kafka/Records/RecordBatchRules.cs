namespace Garam.Kafka.Records;

/// <summary>What a topic asks of a batch beyond being well formed.</summary>
public readonly record struct RecordBatchRules
{
    public RecordBatchRules()
    {
    }

    /// <summary>The topic is compacted: a record without a key could never be replaced.</summary>
    public bool RequireKeys { get; init; }

    /// <summary>Records are checked against the two bounds below when their clock is the producer's.</summary>
    public TimestampType TimestampType { get; init; }

    /// <summary>Smallest timestamp taken, in milliseconds since 1970 (<c>message.timestamp.before.max.ms</c>). Default: any.</summary>
    public long NotBefore { get; init; } = long.MinValue;

    /// <summary>Greatest timestamp taken (<c>message.timestamp.after.max.ms</c>). Default: any.</summary>
    public long NotAfter { get; init; } = long.MaxValue;
}
