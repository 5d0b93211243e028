using Garam.Kafka.Records;

namespace Garam.Broker.Log;

/// <summary>The settings of one partition log: a topic's configs, resolved and validated. Defaults are Kafka's.</summary>
internal sealed record LogConfig
{
    /// <summary><c>segment.bytes</c>: a segment is closed before it grows beyond this. Default 1 GiB; at least 14.</summary>
    public int SegmentBytes { get; init; } = 1024 * 1024 * 1024;

    /// <summary><c>segment.ms</c>: a segment is closed when its first record is older. Default 7 days.</summary>
    public long SegmentMs { get; init; } = 7 * Day;

    /// <summary><c>segment.index.bytes</c>: a segment is closed when one of its indexes is full. Default 10 MiB.</summary>
    public int SegmentIndexBytes { get; init; } = 10 * 1024 * 1024;

    /// <summary><c>index.interval.bytes</c>: log bytes between two index entries. Default 4096.</summary>
    public int IndexIntervalBytes { get; init; } = 4096;

    /// <summary><c>max.message.bytes</c>: the largest batch that a client may append, in bytes as it arrives. Default 1,048,588.</summary>
    public int MaxMessageBytes { get; init; } = 1024 * 1024 + 12;

    /// <summary><c>compression.type</c>. Default null: as the producer sent it.</summary>
    public LogCompression? Compression { get; init; }

    /// <summary><c>message.timestamp.type</c>. Default CreateTime.</summary>
    public TimestampType TimestampType { get; init; } = TimestampType.CreateTime;

    /// <summary><c>message.timestamp.before.max.ms</c>: how far a producer's timestamp may lie behind. Default: any.</summary>
    public long TimestampBeforeMaxMs { get; init; } = long.MaxValue;

    /// <summary><c>message.timestamp.after.max.ms</c>: how far it may lie ahead. Default one hour.</summary>
    public long TimestampAfterMaxMs { get; init; } = 3_600_000;

    /// <summary><c>cleanup.policy</c>. Default delete.</summary>
    public CleanupPolicy CleanupPolicy { get; init; } = CleanupPolicy.Delete;

    /// <summary><c>retention.ms</c>: a segment goes when its newest record is older. Default 7 days; -1 keeps it.</summary>
    public long RetentionMs { get; init; } = 7 * Day;

    /// <summary><c>retention.bytes</c>: the oldest segments go while the rest is at least this large. Default -1: any size.</summary>
    public long RetentionBytes { get; init; } = -1;

    /// <summary><c>file.delete.delay.ms</c>: how long a removed file stays for those who still read it. Default one minute.</summary>
    public long FileDeleteDelayMs { get; init; } = 60_000;

    /// <summary><c>min.cleanable.dirty.ratio</c>: compaction starts when this part of the closed segments is new. Default 0.5.</summary>
    public double MinCleanableDirtyRatio { get; init; } = 0.5;

    /// <summary><c>min.compaction.lag.ms</c>: a record is left alone until it is this old. Default 0.</summary>
    public long MinCompactionLagMs { get; init; }

    /// <summary><c>max.compaction.lag.ms</c>: a record is compacted at the latest at this age. Default: no limit.</summary>
    public long MaxCompactionLagMs { get; init; } = long.MaxValue;

    /// <summary><c>delete.retention.ms</c>: how long tombstones stay after compaction first met them. Default one day.</summary>
    public long DeleteRetentionMs { get; init; } = Day;

    /// <summary>
    /// <c>flush.messages</c>: acknowledged offsets that may be lost to a power cut, plus one. 1: everything acknowledged is fsynced first.
    /// Default: no limit, the operating system writes when it likes.
    /// </summary>
    public long FlushMessages { get; init; } = long.MaxValue;

    /// <summary><c>flush.ms</c>: an appended batch is fsynced after this time at the latest; acknowledgements do not wait for it. Default: no limit.</summary>
    public long FlushMs { get; init; } = long.MaxValue;

    /// <summary><c>producer.id.expiration.ms</c> (a broker config): sequences of a producer that is silent for longer are forgotten. Default one day.</summary>
    public long ProducerIdExpirationMs { get; init; } = Day;

    /// <summary>A compacted log closes a segment in time for <see cref="MaxCompactionLagMs"/>: the active one is never compacted.</summary>
    public long RollAfterMs => (CleanupPolicy & CleanupPolicy.Compact) == 0 ? SegmentMs : Math.Min(SegmentMs, MaxCompactionLagMs);

    private const long Day = 24L * 60 * 60 * 1000;
}
