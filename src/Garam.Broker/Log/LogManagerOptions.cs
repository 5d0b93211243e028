namespace Garam.Broker.Log;

/// <summary>Broker-wide settings of the logs. Defaults are Kafka's, except where said.</summary>
internal sealed record LogManagerOptions
{
    /// <summary><c>log.retention.check.interval.ms</c>: between two looks for segments to delete. Default 5 minutes.</summary>
    public long RetentionCheckMs { get; init; } = 300_000;

    /// <summary><c>log.cleaner.backoff.ms</c>: between two looks for logs to compact. Default 15 seconds.</summary>
    public long CompactionCheckMs { get; init; } = 15_000;

    /// <summary>
    /// <c>log.flush.offset.checkpoint.interval.ms</c>: how often recovery points are written. Each also syncs what was appended, so that recovery after
    /// a crash reads at most what came since. Default 60 seconds.
    /// </summary>
    public long CheckpointMs { get; init; } = 60_000;

    /// <summary><c>log.cleaner.dedupe.buffer.size</c>: memory for the keys of one compaction, in bytes. Default 128 MiB.</summary>
    public long CompactionMemoryBytes { get; init; } = 128 * 1024 * 1024;

    /// <summary><c>num.recovery.threads.per.data.dir</c>. Default: one per processor, where Kafka has 2.</summary>
    public int RecoveryThreads { get; init; } = Environment.ProcessorCount;
}
