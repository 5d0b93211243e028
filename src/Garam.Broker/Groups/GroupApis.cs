using Garam.Broker.Apis;
using Garam.Broker.Configuration;
using Garam.Broker.Groups.Apis;
using Garam.Broker.Log;
using Garam.Broker.Topics;
using Microsoft.Extensions.Logging;

namespace Garam.Broker.Groups;

/// <summary>Puts the group coordinator together with the rest of the broker.</summary>
internal static class GroupApis
{
    /// <summary>A coordinator that has taken up what the offsets topic holds.</summary>
    public static async Task<GroupCoordinator> StartCoordinatorAsync(BrokerServices broker)
    {
        var logger = broker.LoggerFactory.CreateLogger<GroupCoordinator>();
        var log = new OffsetsLog(() => OpenOffsetsAsync(broker), logger);
        var coordinator = new GroupCoordinator(ReadOptions(broker.Config), log, broker.Timers, broker.Time, logger);
        var partitions = broker.Topics.Find(TopicName.ConsumerOffsets)?.Partitions ?? [];
        var damaged = await coordinator.StartAsync(partitions, (partition, id) => IsGone(broker.Topics.Find(partition.Topic), id)).ConfigureAwait(false);
        foreach (var (partition, damage) in damaged) ReportDamage(broker, partition, damage, logger);
        broker.Topics.Deleted += deleted => coordinator.ForgetTopics((partition, id) => partition.Topic == deleted.Name && (id == deleted.Id || id == Guid.Empty));
        return coordinator;
    }

    /// <summary>The APIs of consumer groups, as the broker registers them.</summary>
    public static IEnumerable<Api> All(BrokerServices broker, GroupCoordinator groups) =>
    [
        new OffsetCommitApi(groups, broker.Topics, broker.Config.Get(BrokerConfigs.OffsetMetadataMaxBytes)),
        new OffsetFetchApi(groups, broker.Topics),
        new FindCoordinatorApi(),
        new JoinGroupApi(groups),
        new HeartbeatApi(groups),
        new LeaveGroupApi(groups),
        new SyncGroupApi(groups),
        new DescribeGroupsApi(groups),
        new ListGroupsApi(groups),
        new DeleteGroupsApi(groups),
        new OffsetDeleteApi(groups, broker.Topics),
    ];

    /// <summary>Topics are served, and groups go on from what is left; the damaged bytes stay where they are, because compaction leaves a damaged log alone.</summary>
    private static void ReportDamage(BrokerServices broker, PartitionLog partition, IReadOnlyList<LogDamage> damage, ILogger logger)
    {
        logger.SkippedDamage(partition.Name, damage.Count, string.Join("; ", damage.Take(10).Select(part => $"offset {part.Offset}: {part.What}")));
        broker.Logs.Problems.Report(
            $"partition {partition.Name}",
            $"{partition.Name} is damaged at offset {string.Join(", ", damage.Take(10).Select(part => part.Offset))}{(damage.Count > 10 ? ", ..." : "")}: offsets that groups committed there are lost, and "
            + "these groups may read some records again or start at their reset policy. The partition is not compacted. See docs/durability.md, \"Damaged committed offsets\".");
    }

    private static bool IsGone(Topic? topic, Guid committedFor) => topic is null || (committedFor != Guid.Empty && committedFor != topic.Id);

    private static async ValueTask<IReadOnlyList<PartitionLog>> OpenOffsetsAsync(BrokerServices broker)
    {
        var topic = new NewTopic(TopicName.ConsumerOffsets, broker.Config.Get(BrokerConfigs.OffsetsPartitions), new Dictionary<string, string>
        {
            ["cleanup.policy"] = "compact",
            ["segment.bytes"] = broker.Config.Text(BrokerConfigs.OffsetsSegmentBytes),
        });
        var made = await broker.Topics.CreateAsync(topic, validateOnly: false, CancellationToken.None).ConfigureAwait(false);
        return made.Topic?.Partitions ?? throw new IOException(made.Message);
    }

    private static GroupOptions ReadOptions(BrokerConfig config) => new()
    {
        MinSessionTimeout = TimeSpan.FromMilliseconds(config.Get(BrokerConfigs.MinSessionTimeout)),
        MaxSessionTimeout = TimeSpan.FromMilliseconds(config.Get(BrokerConfigs.MaxSessionTimeout)),
        InitialRebalanceDelay = TimeSpan.FromMilliseconds(config.Get(BrokerConfigs.InitialRebalanceDelay)),
        MaxSize = config.Get(BrokerConfigs.MaxGroupSize),
        OffsetsRetention = TimeSpan.FromMinutes(config.Get(BrokerConfigs.OffsetsRetention)),
        OffsetsRetentionCheckInterval = TimeSpan.FromMilliseconds(config.Get(BrokerConfigs.OffsetsRetentionCheck)),
    };
}
