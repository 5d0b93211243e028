using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Garam.Operations.Connections;
using Garam.Operations.Topics;

namespace Garam.Operations.Groups;

/// <summary>Sets what groups have committed beside what the logs hold: for many groups by the same few requests.</summary>
internal sealed class GroupPositions(KafkaConnection kafka, TimeProvider time)
{
    /// <summary>The positions of each group, by topic and partition.</summary>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<GroupPosition>>> OfAsync(IReadOnlyList<GroupSituation> groups, CancellationToken cancellationToken)
    {
        var topics = await kafka.DescribeTopicsAsync([.. groups.SelectMany(group => group.Partitions).Select(partition => partition.Topic).Distinct()], cancellationToken);
        var logs = await LogsAsync([.. topics.Where(topic => !topic.Error.IsError)], cancellationToken);
        var partitionsOf = logs.Keys.ToLookup(partition => partition.Topic);
        var positions = groups.DistinctBy(group => group.Name).ToDictionary(
            group => group.Name, group => PartitionsOf(group, partitionsOf).Select(partition => Position(group, partition, logs.GetValueOrDefault(partition))).ToList());

        var places = positions.Values.SelectMany(group => group).Where(IsBehind).Select(position => PlaceOf(position, logs)).ToHashSet();
        var times = await kafka.Times.AtAsync(places, cancellationToken);
        var now = time.GetUtcNow();
        return positions.ToDictionary(group => group.Key, IReadOnlyList<GroupPosition> (group) =>
            [.. group.Value.Select(position => position with { Behind = IsBehind(position) ? AgeAt(PlaceOf(position, logs), times, now) : position.Lag is null ? null : TimeSpan.Zero })
                .OrderBy(position => position.Topic, StringComparer.Ordinal).ThenBy(position => position.Partition)]);
    }

    // With the partitions in which the group has committed nothing and that no member owns: their records are unread, too.
    private static IEnumerable<TopicPartition> PartitionsOf(GroupSituation group, ILookup<string, TopicPartition> there) =>
        group.Partitions.Union(group.Partitions.Select(partition => partition.Topic).Distinct().SelectMany(topic => there[topic]));

    private static bool IsBehind(GroupPosition position) => position.Lag > 0 || position.Uncommitted > 0;

    private async Task<Dictionary<TopicPartition, PartitionLog>> LogsAsync(IReadOnlyList<TopicDescription> topics, CancellationToken cancellationToken)
    {
        var there = topics.SelectMany(topic => topic.Partitions.Select(partition => (topic, partition, key: new TopicPartition(topic.Name, partition.Partition)))).ToList();
        var bounds = await kafka.BoundsAsync([.. there.Where(log => log.partition.Leader is { Id: >= 0 }).Select(log => log.key)], cancellationToken);
        return there.ToDictionary(log => log.key, log => new PartitionLog(log.topic, bounds.TryGetValue(log.key, out var at) ? at : null));
    }

    private static GroupPosition Position(GroupSituation group, TopicPartition partition, PartitionLog? log)
    {
        var committed = group.CommittedIn(partition);
        var (state, lag) = log is null ? (PositionState.Gone, null) : Judge(committed, log.Bounds);
        var owner = group.Owners.GetValueOrDefault(partition);
        return new GroupPosition(
            partition.Topic, partition.Partition, committed, log?.Bounds?.Start, log?.Bounds?.End, state, lag, null, owner?.ConsumerId, owner?.ClientId, owner is null ? null : GroupSituation.HostOf(owner));
    }

    private static (PositionState State, long? Lag) Judge(long? committed, PartitionBounds? log) => (committed, log) switch
    {
        (_, null) => (PositionState.NoLeader, null),
        // Wherever its consumers choose to begin in an empty partition, nothing waits for them.
        (null, { } there) => (PositionState.NothingCommitted, there.Records == 0 ? 0 : null),
        ({ } offset, { } there) when offset < there.Start => (PositionState.BeforeStart, there.Records),
        ({ } offset, { } there) when offset > there.End => (PositionState.BeyondEnd, 0),
        ({ } offset, { } there) => (PositionState.Known, there.End - offset),
    };

    private static RecordPlace PlaceOf(GroupPosition position, Dictionary<TopicPartition, PartitionLog> logs) => RecordPlace.In(
        logs[new TopicPartition(position.Topic, position.Partition)].Topic, position.Partition, Math.Max(position.Committed ?? 0, position.StartOffset!.Value));

    // Zero, too, where only markers of transactions are left, and for a clock that is ahead of ours.
    private static TimeSpan? AgeAt(RecordPlace place, IReadOnlyDictionary<RecordPlace, DateTimeOffset?> times, DateTimeOffset now) =>
        !times.TryGetValue(place, out var time) ? null : time < now ? now - time : TimeSpan.Zero;

    private sealed record PartitionLog(TopicDescription Topic, PartitionBounds? Bounds);
}
