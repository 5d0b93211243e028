using static Garam.Broker.Configuration.ConfigDefinition;

namespace Garam.Broker.Configuration;

/// <summary>Every setting of a topic that this broker honours. A topic that asks for another one is refused with INVALID_CONFIG.</summary>
internal static class TopicConfigs
{
    private const long Second = 1000, Minute = 60 * Second, Hour = 60 * Minute, Day = 24 * Hour;

    public static readonly ConfigDefinition<IReadOnlyList<string>> CleanupPolicy =
        Words("cleanup.policy", "delete", ["delete", "compact"],
            "delete drops old segments by retention.ms and retention.bytes; compact keeps the latest record of each key; both may be combined; empty keeps everything.")
            with { BrokerNames = [("log.cleanup.policy", 1)] };

    public static readonly ConfigDefinition<int> GzipLevel =
        Int("compression.gzip.level", -1, -1, 9, "How hard gzip tries where compression.type is gzip, 1 to 9; -1 and 0 are its default.")
            with { BrokerNames = [("compression.gzip.level", 1)] };

    public static readonly ConfigDefinition<int> Lz4Level =
        Int("compression.lz4.level", 9, 1, 17, "How hard lz4 tries where compression.type is lz4; the default is its fast way.")
            with { BrokerNames = [("compression.lz4.level", 1)] };

    public static readonly ConfigDefinition<string> CompressionType =
        Choice("compression.type", ["producer", "uncompressed", "gzip", "snappy", "lz4", "zstd"],
            "How batches are stored: producer keeps them as they were sent; every other value has the broker compress, or decompress, those that came otherwise.")
            with { BrokerNames = [("compression.type", 1)] };

    public static readonly ConfigDefinition<int> ZstdLevel =
        Int("compression.zstd.level", 3, -131_072, 22, "How hard zstd tries where compression.type is zstd.")
            with { BrokerNames = [("compression.zstd.level", 1)] };

    public static readonly ConfigDefinition<long> DeleteRetention =
        Long("delete.retention.ms", Day, 0, "How long a compacted topic keeps the markers of deletion, in milliseconds.")
            with { BrokerNames = [("log.cleaner.delete.retention.ms", 1)] };

    public static readonly ConfigDefinition<long> FileDeleteDelay =
        Long("file.delete.delay.ms", Minute, 0, "How long the file of a deleted segment stays for those who still read it, in milliseconds.")
            with { BrokerNames = [("log.segment.delete.delay.ms", 1)] };

    public static readonly ConfigDefinition<long> FlushMessages =
        Long("flush.messages", long.MaxValue, 1,
            "After how many records the log is forced to disk. With 1, a produce with acks=all is answered when its batch is on disk; waiting batches share one sync.")
            with { BrokerNames = [("log.flush.interval.messages", 1)] };

    public static readonly ConfigDefinition<long> FlushMs =
        Long("flush.ms", long.MaxValue, 0, "After how long the log is forced to disk, in milliseconds.")
            with { BrokerNames = [("log.flush.interval.ms", 1)] };

    public static readonly ConfigDefinition<int> IndexInterval =
        Int("index.interval.bytes", 4096, 0, int.MaxValue, "Bytes of log between two entries of the offset index.")
            with { BrokerNames = [("log.index.interval.bytes", 1)] };

    public static readonly ConfigDefinition<long> MaxCompactionLag =
        Long("max.compaction.lag.ms", long.MaxValue, 1, "The longest that a record stays uncompacted, in milliseconds.")
            with { BrokerNames = [("log.cleaner.max.compaction.lag.ms", 1)] };

    public static readonly ConfigDefinition<int> MaxMessageBytes =
        Int("max.message.bytes", 1_048_588, 0, int.MaxValue, "The largest record batch, compressed, in bytes.")
            with { BrokerNames = [("message.max.bytes", 1)] };

    public static readonly ConfigDefinition<long> TimestampAfterMax =
        Long("message.timestamp.after.max.ms", Hour, 0, "How far a record's timestamp may lie in the future, in milliseconds.")
            with { BrokerNames = [("log.message.timestamp.after.max.ms", 1)] };

    public static readonly ConfigDefinition<long> TimestampBeforeMax =
        Long("message.timestamp.before.max.ms", long.MaxValue, 0, "How far a record's timestamp may lie in the past, in milliseconds.")
            with { BrokerNames = [("log.message.timestamp.before.max.ms", 1)] };

    public static readonly ConfigDefinition<string> TimestampType =
        Choice("message.timestamp.type", ["CreateTime", "LogAppendTime"], "Whose clock stamps records: the producer's or the broker's.")
            with { BrokerNames = [("log.message.timestamp.type", 1)] };

    public static readonly ConfigDefinition<double> MinCleanableRatio =
        Ratio("min.cleanable.dirty.ratio", 0.5, "The part of a compacted log that must be dirty before it is compacted.")
            with { BrokerNames = [("log.cleaner.min.cleanable.ratio", 1)] };

    public static readonly ConfigDefinition<long> MinCompactionLag =
        Long("min.compaction.lag.ms", 0, 0, "The shortest that a record stays uncompacted, in milliseconds.")
            with { BrokerNames = [("log.cleaner.min.compaction.lag.ms", 1)] };

    public static readonly ConfigDefinition<string> MinInsyncReplicas =
        Choice("min.insync.replicas", ["1"], "This broker keeps one copy: a topic that demands more could never be written.")
            with { BrokerNames = [("min.insync.replicas", 1)], Type = ConfigType.Int };

    public static readonly ConfigDefinition<string> Preallocate =
        Choice("preallocate", ["false"], "Segments grow as they are written.")
            with { BrokerNames = [("log.preallocate", 1)], Type = ConfigType.Boolean };

    public static readonly ConfigDefinition<long> RetentionBytes =
        Long("retention.bytes", -1, -1, "How large a partition may grow before its oldest segments are deleted, in bytes; -1 is without limit.")
            with { BrokerNames = [("log.retention.bytes", 1)] };

    public static readonly ConfigDefinition<long> RetentionMs =
        Long("retention.ms", 7 * Day, -1, "How long records are kept, in milliseconds; -1 is for ever.")
            with { BrokerNames = [("log.retention.ms", 1), ("log.retention.minutes", Minute), ("log.retention.hours", Hour)] };

    public static readonly ConfigDefinition<int> SegmentBytes =
        Int("segment.bytes", 1024 * 1024 * 1024, 14, int.MaxValue, "The size at which a segment is closed and a new one begun, in bytes.")
            with { BrokerNames = [("log.segment.bytes", 1)] };

    public static readonly ConfigDefinition<int> SegmentIndexBytes =
        Int("segment.index.bytes", 10 * 1024 * 1024, 12, int.MaxValue, "The largest index of a segment, in bytes.")
            with { BrokerNames = [("log.index.size.max.bytes", 1)] };

    public static readonly ConfigDefinition<long> SegmentMs =
        Long("segment.ms", 7 * Day, 1, "The age at which a segment is closed and a new one begun, in milliseconds.")
            with { BrokerNames = [("log.roll.ms", 1), ("log.roll.hours", Hour)] };

    public static readonly ConfigDefinition<string> UncleanLeaderElection =
        Choice("unclean.leader.election.enable", ["false"], "There is one copy, so nobody unclean can be elected.")
            with { BrokerNames = [("unclean.leader.election.enable", 1)], Type = ConfigType.Boolean };

    /// <summary>What Kafka documents for topics and this broker does not have, with the one value that says so.</summary>
    private static readonly ConfigDefinition[] OneValued =
    [
        Choice("follower.replication.throttled.replicas", [""], "There are no followers to throttle.") with { Type = ConfigType.List },
        Choice("leader.replication.throttled.replicas", [""], "There are no followers to throttle.") with { Type = ConfigType.List },
        Choice("local.retention.bytes", ["-2"], "There is no tiered storage: retention.bytes holds.") with { Type = ConfigType.Long },
        Choice("local.retention.ms", ["-2"], "There is no tiered storage: retention.ms holds.") with { Type = ConfigType.Long },
        Choice("remote.log.copy.disable", ["false"], "There is no tiered storage.") with { Type = ConfigType.Boolean },
        Choice("remote.log.delete.on.disable", ["false"], "There is no tiered storage.") with { Type = ConfigType.Boolean },
        Choice("remote.storage.enable", ["false"], "There is no tiered storage.") with { Type = ConfigType.Boolean },
        Choice("segment.jitter.ms", ["0"], "Segments are rolled at their age, not a random time before.") with { Type = ConfigType.Long },
    ];

    /// <summary>All of them, in the order of their names.</summary>
    public static readonly IReadOnlyList<ConfigDefinition> All =
    [
        .. new ConfigDefinition[]
        {
            CleanupPolicy, GzipLevel, Lz4Level, CompressionType, ZstdLevel, DeleteRetention, FileDeleteDelay, FlushMessages, FlushMs, IndexInterval, MaxCompactionLag, MaxMessageBytes,
            TimestampAfterMax, TimestampBeforeMax, TimestampType, MinCleanableRatio, MinCompactionLag, MinInsyncReplicas, Preallocate, RetentionBytes,
            RetentionMs, SegmentBytes, SegmentIndexBytes, SegmentMs, UncleanLeaderElection,
        }.Concat(OneValued).OrderBy(config => config.Name, StringComparer.Ordinal),
    ];

    private static readonly IReadOnlyDictionary<string, ConfigDefinition> ByName = All.ToDictionary(config => config.Name);

    public static ConfigDefinition? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>Null when all settings are known and allowed, else a message that names every one that is not.</summary>
    public static string? Check(IEnumerable<KeyValuePair<string, string?>> configs)
    {
        var wrong = configs.Select(config => Find(config.Key) is not { } definition
            ? UnservedConfigs.Refuse(config.Key, "topic")
            : config.Value is null ? $"{config.Key} has no value." : definition.Check(config.Value)).OfType<string>();
        return string.Join(' ', wrong) is { Length: > 0 } message ? message : null;
    }
}
