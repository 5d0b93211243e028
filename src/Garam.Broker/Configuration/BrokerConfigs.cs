using System.Globalization;
using static Garam.Broker.Configuration.ConfigDefinition;

namespace Garam.Broker.Configuration;

/// <summary>Every setting of the broker that is honoured, under its Kafka name: its own ones, and the defaults of topics (log.*).</summary>
internal static class BrokerConfigs
{
    private const int Second = 1000, Minute = 60 * Second;

    public static readonly ConfigDefinition<int> NodeId =
        Int("node.id", 1, 0, int.MaxValue, "The id of this broker.");

    public static readonly ConfigDefinition<bool> AutoCreateTopics =
        Bool("auto.create.topics.enable", true, "Creates a topic when a client that allows it asks for its metadata.");

    public static readonly ConfigDefinition<int> NumPartitions =
        Int("num.partitions", 1, 1, 10_000, "Partitions of a topic that does not say how many.");

    public static readonly ConfigDefinition<string> DefaultReplicationFactor =
        Choice("default.replication.factor", ["1"], "Copies of a partition: this broker keeps one.") with { Type = ConfigType.Int };

    public static readonly ConfigDefinition<int> MaxRequestBytes =
        Int("socket.request.max.bytes", 100 * 1024 * 1024, 1, int.MaxValue / 2, "The largest request, in bytes. A larger one closes the connection.");

    public static readonly ConfigDefinition<int> MaxConnections =
        Int("max.connections", 10_000, 1, int.MaxValue, "Connections that may be open at once.")
            with { InKafka = ("2147483647", "what clients can make the broker hold has a bound") };

    public static readonly ConfigDefinition<int> MaxIdle =
        Int("connections.max.idle.ms", 10 * Minute, 1, int.MaxValue, "How long a connection may be silent before it is closed, in milliseconds.");

    public static readonly ConfigDefinition<int> FetchMaxBytes =
        Int("fetch.max.bytes", 55 * 1024 * 1024, 1024, int.MaxValue / 2, "The most record bytes of one fetch, whatever the client asks; one batch is always given.");

    public static readonly ConfigDefinition<int> FetchSessionSlots =
        Int("max.incremental.fetch.session.cache.slots", 1000, 0, 100_000, "Fetch sessions that are kept; further clients fetch without one.");

    public static readonly ConfigDefinition<int> MaxPartitionsInAnswer =
        Int("max.request.partition.size.limit", 2000, 1, int.MaxValue, "Partitions in one answer of DescribeTopicPartitions; clients ask for the rest in further requests.");

    public static readonly ConfigDefinition<long> RetentionCheckInterval =
        Long("log.retention.check.interval.ms", 5 * Minute, 1, "How often old segments are looked for, in milliseconds.");

    public static readonly ConfigDefinition<long> CleanerBackoff =
        Long("log.cleaner.backoff.ms", 15 * Second, 1, "How often logs to compact are looked for, in milliseconds.");

    public static readonly ConfigDefinition<string> CleanerEnabled =
        Choice("log.cleaner.enable", ["true"], "Without compaction the broker's own logs would grow for ever.") with { Type = ConfigType.Boolean };

    public static readonly ConfigDefinition<long> CleanerMemory =
        Long("log.cleaner.dedupe.buffer.size", 128 * 1024 * 1024, 1024 * 1024, "Memory for the keys of one compaction, in bytes.");

    public static readonly ConfigDefinition<long> CheckpointInterval =
        Long("log.flush.offset.checkpoint.interval.ms", Minute, 1, "How often recovery points are written, in milliseconds: recovery after a crash reads what came since.");

    public static readonly ConfigDefinition<int> RecoveryThreads =
        Int("num.recovery.threads.per.data.dir", 0, 0, 1024, "Threads that open logs when the broker starts; 0 is one for each processor.")
            with { InKafka = ("2", "a start takes as long as the disk and all processors need") };

    public static readonly ConfigDefinition<bool> DeleteTopics =
        Bool("delete.topic.enable", true, "Whether clients may delete topics.");

    public static readonly ConfigDefinition<long> ProducerIdExpiration =
        Long("producer.id.expiration.ms", 24L * 60 * Minute, 1, "How long an idle producer's sequence numbers are remembered, in milliseconds.");

    public static readonly ConfigDefinition<int> InitialRebalanceDelay =
        Int("group.initial.rebalance.delay.ms", 0, 0, int.MaxValue, "How long an empty group waits for more members before its first rebalance, in milliseconds.")
            with { InKafka = ("3000", "a program with one consumer, and every test, starts at once") };

    public static readonly ConfigDefinition<int> MinSessionTimeout =
        Int("group.min.session.timeout.ms", 6 * Second, 1, int.MaxValue, "The shortest session timeout that a member may ask for, in milliseconds.");

    public static readonly ConfigDefinition<int> MaxSessionTimeout =
        Int("group.max.session.timeout.ms", 30 * Minute, 1, int.MaxValue, "The longest session timeout that a member may ask for, in milliseconds.");

    public static readonly ConfigDefinition<int> MaxGroupSize =
        Int("group.max.size", int.MaxValue, 1, int.MaxValue, "Members that a group may have.");

    public static readonly ConfigDefinition<int> OffsetsPartitions =
        Int("offsets.topic.num.partitions", 1, 1, 1000, "Partitions of __consumer_offsets, fixed when it is created.")
            with { InKafka = ("50", "they share out work among brokers, and there is one") };

    public static readonly ConfigDefinition<string> OffsetsReplicationFactor =
        Choice("offsets.topic.replication.factor", ["1"], "Copies of __consumer_offsets: this broker keeps one.")
            with { Type = ConfigType.Int, InKafka = ("3", "there is one broker") };

    public static readonly ConfigDefinition<string> OffsetsCompression =
        Choice("offsets.topic.compression.codec", ["0"], "__consumer_offsets is not compressed.") with { Type = ConfigType.Int };

    public static readonly ConfigDefinition<int> OffsetsSegmentBytes =
        Int("offsets.topic.segment.bytes", 16 * 1024 * 1024, 1, int.MaxValue,
            "The size of the segments of __consumer_offsets, fixed when it is created. It is read whole at every start: small segments let compaction reach most of it.")
            with { InKafka = ("104857600", "it is read whole at every start, and only closed segments are compacted") };

    public static readonly ConfigDefinition<string> RebalanceProtocols =
        Choice("group.coordinator.rebalance.protocols", ["classic"], "How groups share out partitions.")
            with { Type = ConfigType.List, InKafka = ("classic,consumer,streams", "the others are not served") };

    public static readonly ConfigDefinition<int> OffsetsRetention =
        Int("offsets.retention.minutes", 7 * 24 * 60, 1, int.MaxValue, "How long the offsets of an empty group are kept, in minutes.");

    public static readonly ConfigDefinition<long> OffsetsRetentionCheck =
        Long("offsets.retention.check.interval.ms", 10 * Minute, 1, "How often expired offsets are looked for, in milliseconds.");

    public static readonly ConfigDefinition<int> OffsetMetadataMaxBytes =
        Int("offset.metadata.max.bytes", 4096, 0, int.MaxValue, "The largest metadata of a committed offset, in bytes.");

    /// <summary>All of them, in the order of their names.</summary>
    public static readonly IReadOnlyList<ConfigDefinition> All =
    [
        .. new ConfigDefinition[]
        {
            NodeId, AutoCreateTopics, NumPartitions, DefaultReplicationFactor, MaxRequestBytes, MaxConnections, MaxIdle, FetchMaxBytes,
            FetchSessionSlots, MaxPartitionsInAnswer, RetentionCheckInterval, CleanerBackoff, CleanerEnabled, CleanerMemory, CheckpointInterval, RecoveryThreads, DeleteTopics, ProducerIdExpiration, InitialRebalanceDelay, MinSessionTimeout,
            MaxSessionTimeout, MaxGroupSize, OffsetsPartitions, OffsetsReplicationFactor, OffsetsCompression,
            OffsetsSegmentBytes, RebalanceProtocols, OffsetsRetention, OffsetsRetentionCheck, OffsetMetadataMaxBytes,
        }.Concat(TopicConfigs.All.SelectMany(DefaultsOf)).OrderBy(config => config.Name, StringComparer.Ordinal),
    ];

    private static readonly IReadOnlyDictionary<string, ConfigDefinition> ByName = All.ToDictionary(config => config.Name);

    public static ConfigDefinition? Find(string name) => ByName.GetValueOrDefault(name);

    private static readonly IReadOnlySet<string> Dynamic = TopicConfigs.All.SelectMany(topic => topic.BrokerNames).Select(it => it.Name).ToHashSet();

    /// <summary>Whether a setting can be changed while the broker runs: the defaults of topics can, everything else is read once.</summary>
    public static bool IsDynamic(string name) => Dynamic.Contains(name);

    /// <summary>Null when all of these can be said to a running broker, else a sentence for each that cannot.</summary>
    public static string? CheckDynamic(IReadOnlyDictionary<string, string> values) =>
        string.Join(' ', values.Select(value => RefuseDynamic(value.Key) ?? Find(value.Key)!.Check(value.Value)).OfType<string>()) is { Length: > 0 } wrong ? wrong : null;

    private static string? RefuseDynamic(string name) =>
        Find(name) is null ? UnservedConfigs.Refuse(name, "broker")
        : IsDynamic(name) ? null
        : $"{name} is read when the broker starts: start it with another value.";

    /// <summary>The broker's settings that give a topic's setting its default: same type and range, maybe another unit.</summary>
    private static IEnumerable<ConfigDefinition> DefaultsOf(ConfigDefinition topic)
    {
        foreach (var (name, unit) in topic.BrokerNames)
        {
            var documentation = $"The default of {topic.Name} for topics that do not set it. {topic.Documentation}";
            yield return unit == 1
                ? topic with { Name = name, Documentation = documentation, BrokerNames = [] }
                : Long(name, long.Parse(topic.Default, CultureInfo.InvariantCulture) / unit, -1, $"{documentation} Here in units of {TimeSpan.FromMilliseconds(unit)}.");
        }
    }
}
