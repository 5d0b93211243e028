using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Garam.Operations.Connections;
using Garam.Operations.Topics;

namespace Garam.Operations.Groups;

/// <summary>Works out what a reset would do. Changes nothing.</summary>
internal sealed class ResetPlanner(KafkaConnection kafka, TimeProvider time)
{
    private readonly List<string> _warnings = [];

    public async Task<ResetPlan> PlanAsync(GroupSituation group, ResetTarget target, ResetScope? scope, CancellationToken cancellationToken)
    {
        group.EnsureStopped("for what a reset sets while they run is overwritten by their next commit");
        var other = target is ResetTarget.Of { Group: var name } ? await OtherAsync(name, cancellationToken) : null;
        var topics = await TopicsAsync(group, target, other, scope, cancellationToken);
        var logs = await LogsAsync(topics, target, scope, cancellationToken);
        var times = await TimesAsync(target, logs.Keys, cancellationToken);

        var lines = new List<(RecordPlace? Place, ResetPartition Line)>();
        foreach (var (partition, log) in logs.OrderBy(log => log.Key.Topic, StringComparer.Ordinal).ThenBy(log => log.Key.Partition.Value))
        {
            if (Aim(target, partition, group.CommittedIn(partition), log.Bounds, times, other) is not { } aim)
                continue;
            RecordPlace? place = aim.After is { } after && after < log.Bounds.End ? RecordPlace.In(log.Topic, partition.Partition, after) : null;
            lines.Add((place, new ResetPartition(partition.Topic, partition.Partition, group.CommittedIn(partition), aim.After, null, aim.Note)
            {
                StartOffset = log.Bounds.Start,
                EndOffset = log.Bounds.End,
            }));
        }

        if (group.IsMissing && lines.Count > 0)
            _warnings.Add($"Group {group.Name} does not exist yet: the reset creates it.");
        var firsts = await kafka.Times.AtAsync([.. lines.Select(line => line.Place).OfType<RecordPlace>()], cancellationToken);
        return new ResetPlan(
            group.Name, target.ToString(), [.. lines.Select(line => line.Place is { } place ? line.Line with { AfterTime = firsts.GetValueOrDefault(place) } : line.Line)], _warnings);
    }

    private async Task<GroupSituation> OtherAsync(string name, CancellationToken cancellationToken)
    {
        var other = await new GroupSituations(kafka).OfAsync(name, cancellationToken);
        return other.Committed.Count > 0 ? other : throw new OperationException(FailureKind.NotFound, $"group {name} has committed nothing: there is nothing to take over.");
    }

    private async Task<IReadOnlyList<TopicDescription>> TopicsAsync(
        GroupSituation group, ResetTarget target, GroupSituation? other, ResetScope? scope, CancellationToken cancellationToken)
    {
        var source = target is ResetTarget.Back back ? back.Offsets.Keys : (other ?? group).Committed.Keys;
        var names = scope?.Topics.Keys.ToList() ?? [.. source.Select(partition => partition.Topic).Distinct()];
        if (names.Count == 0)
            throw new OperationException(FailureKind.NotFound, $"group {group.Name} has committed nothing: name the topics that it is to read.");
        var topics = await kafka.DescribeTopicsAsync(names, cancellationToken);
        foreach (var missing in topics.Where(topic => topic.Error.IsError))
        {
            // What was named has to be there; what the group only remembers may be gone.
            if (scope is not null || missing.Error.Code is not ErrorCode.UnknownTopicOrPart)
                throw OperationException.Of(missing.Error, $"topic {missing.Name}");
            _warnings.Add($"Topic {missing.Name} is gone: what the group has committed there stays.");
        }

        return [.. topics.Where(topic => !topic.Error.IsError)];
    }

    private async Task<Dictionary<TopicPartition, (TopicDescription Topic, PartitionBounds Bounds)>> LogsAsync(
        IReadOnlyList<TopicDescription> topics, ResetTarget target, ResetScope? scope, CancellationToken cancellationToken)
    {
        var asked = topics.SelectMany(topic => PartitionsOf(topic, target, scope)).ToDictionary(asked => asked.Partition, asked => asked.Topic);
        var bounds = await kafka.BoundsAsync([.. asked.Keys], cancellationToken);
        return asked.ToDictionary(partition => partition.Key, partition => bounds.TryGetValue(partition.Key, out var at)
            ? (partition.Value, at)
            : throw new OperationException(FailureKind.Unreachable, $"partition {partition.Key.Partition.Value} of topic {partition.Key.Topic} has no leader now: try again when its broker is back."));
    }

    private static IEnumerable<(TopicPartition Partition, TopicDescription Topic)> PartitionsOf(TopicDescription topic, ResetTarget target, ResetScope? scope)
    {
        var there = topic.Partitions.Select(partition => partition.Partition).ToHashSet();
        if (scope?.Topics[topic.Name] is { Count: > 0 } named)
        {
            if (named.FirstOrDefault(partition => !there.Contains(partition), -1) is var missing and not -1)
                throw new OperationException(FailureKind.NotFound, $"topic {topic.Name} has no partition {missing}: it has {there.Count}.");
            there.IntersectWith(named);
        }

        var partitions = there.Select(partition => new TopicPartition(topic.Name, partition));
        return (target is ResetTarget.Back back ? partitions.Where(back.Offsets.ContainsKey) : partitions).Select(partition => (partition, topic));
    }

    private async Task<IReadOnlyDictionary<TopicPartition, long>> TimesAsync(ResetTarget target, IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellationToken)
    {
        DateTimeOffset? since = target switch
        {
            ResetTarget.Since at => at.Time,
            ResetTarget.Ago ago => time.GetUtcNow() - ago.Duration,
            _ => null,
        };
        return since is { } moment
            ? await kafka.OffsetsAsync(partitions, OffsetSpec.ForTimestamp(Math.Max(0, moment.ToUnixTimeMilliseconds())), cancellationToken)
            : new Dictionary<TopicPartition, long>();
    }

    /// <summary>Null: the partition is left out, and a warning says why.</summary>
    private (long? After, ResetNote Note)? Aim(
        ResetTarget target, TopicPartition partition, long? committed, PartitionBounds log, IReadOnlyDictionary<TopicPartition, long> times, GroupSituation? other)
    {
        switch (target)
        {
            case ResetTarget.Start: return (log.Start, ResetNote.None);
            case ResetTarget.End: return (log.End, ResetNote.None);
            case ResetTarget.At at: return Within(log, at.Offset);
            case ResetTarget.By by when committed is { } from: return Within(log, (Int128)from + by.Records);
            case ResetTarget.By: return LeaveOut(partition, "the group has committed nothing there, so there is nothing to move from");
            case ResetTarget.Of of: return other!.CommittedIn(partition) is { } theirs ? Within(log, theirs) : LeaveOut(partition, $"group {of.Group} has committed nothing there");
            case ResetTarget.Back back: return back.Offsets[partition] is { } before ? Within(log, before) : (null, ResetNote.None);
            default: return times.TryGetValue(partition, out var found) && found >= 0 ? (found, ResetNote.None) : (log.End, ResetNote.NoRecordSince);
        }
    }

    private (long?, ResetNote)? LeaveOut(TopicPartition partition, string because)
    {
        _warnings.Add($"{partition.Topic}:{partition.Partition.Value} is left out: {because}.");
        return null;
    }

    private static (long? After, ResetNote Note) Within(PartitionBounds log, Int128 offset) =>
        offset < log.Start ? (log.Start, ResetNote.MovedToStart)
        : offset > log.End ? (log.End, ResetNote.MovedToEnd)
        : ((long)offset, ResetNote.None);
}
