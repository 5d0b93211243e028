using System.Collections.Concurrent;
using Confluent.Kafka;
using Garam.Operations.Connections;
using Garam.Operations.Topics;

namespace Garam.Operations.Groups;

/// <summary>What can be known of consumer groups and done with them, on any Kafka. Every method throws <see cref="OperationException"/> where the broker refuses or none answers.</summary>
/// <param name="kafka">Which Kafka.</param>
/// <param name="time">Null: the system's clock.</param>
/// <param name="history">Null: in <see cref="ResetHistory.DefaultDirectory"/>.</param>
public sealed class GroupOperations(KafkaConnection kafka, TimeProvider? time = null, ResetHistory? history = null)
{
    /// <summary>The client asks for the offsets of one group at a time: so many of them travel at once.</summary>
    private const int AtOnce = 64;

    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly GroupSituations _groups = new(kafka);
    private readonly ResetHistory _history = history ?? new ResetHistory(ResetHistory.DefaultDirectory);

    /// <summary>All consumer groups, by name.</summary>
    public async Task<IReadOnlyList<GroupSummary>> ListAsync(CancellationToken cancellationToken)
    {
        var groups = await GroupListing.ListAsync(kafka, cancellationToken);
        return [.. groups.Select(group => new GroupSummary(group.GroupId, group.State.ToString())).OrderBy(group => group.Name, StringComparer.Ordinal)];
    }

    /// <summary>How far behind groups are. For many at once: a few requests, and one more for each group.</summary>
    /// <returns>One for each name, in the order asked. One that could not be asked carries its failure; the others are there all the same.</returns>
    public async Task<IReadOnlyList<GroupLag>> LagAsync(IReadOnlyList<string> groups, CancellationToken cancellationToken)
    {
        var descriptions = await _groups.DescribeAsync(groups, cancellationToken);
        var situations = new ConcurrentDictionary<string, GroupSituation>();
        var failures = new ConcurrentDictionary<string, OperationException>();
        await Parallel.ForEachAsync(descriptions.Values, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (description, ct) =>
        {
            try
            {
                situations[description.GroupId] = await _groups.OfAsync(description, ct);
            }
            catch (OperationException exception)
            {
                failures[description.GroupId] = exception;
            }
        });
        var positions = await new GroupPositions(kafka, _time).OfAsync([.. situations.Values], cancellationToken);
        return [.. groups.Select(name => situations.TryGetValue(name, out var situation)
            ? LagOf(situation, positions[name])
            : new GroupLag(name, "Unknown", 0, [], null, null, LagCoverage.Of([]), failures[name]))];
    }

    /// <exception cref="OperationException">The group has neither members nor offsets: it does not exist.</exception>
    public async Task<GroupDetail> DescribeAsync(string group, CancellationToken cancellationToken)
    {
        var situation = await _groups.OfAsync(group, cancellationToken);
        if (situation.IsMissing)
            throw await MissingAsync(group, cancellationToken);
        var positions = await new GroupPositions(kafka, _time).OfAsync([situation], cancellationToken);
        var description = situation.Description;
        return new GroupDetail(
            group,
            situation.State,
            description.Coordinator is { Id: >= 0 } coordinator ? coordinator.Id : null,
            description.PartitionAssignor,
            [.. description.Members.Select(member => new GroupMember(member.ConsumerId, member.GroupInstanceId, member.ClientId, GroupSituation.HostOf(member), [.. member.Assignment.TopicPartitions.Select(partition => $"{partition.Topic}:{partition.Partition.Value}")]))],
            positions[group])
        {
            GapsByTopic = await new TopicOperations(kafka).AllGapsAsync(
                [.. positions[group].Where(position => position.Lag > 0 || position.Uncommitted > 0).Select(position => position.Topic).Distinct()], cancellationToken),
        };
    }

    /// <summary>Where a group begins in each partition of a topic: after what it has committed. Partitions without a commit are missing.</summary>
    /// <exception cref="OperationException">The group does not exist.</exception>
    public async Task<IReadOnlyDictionary<int, long>> CommittedAsync(string group, string topic, CancellationToken cancellationToken)
    {
        var situation = await _groups.OfAsync(group, cancellationToken);
        return situation.IsMissing
            ? throw await MissingAsync(group, cancellationToken)
            : situation.Committed.Where(committed => committed.Key.Topic == topic).ToDictionary(committed => committed.Key.Partition.Value, committed => committed.Value);
    }

    /// <summary>What a reset would do. Nothing is changed.</summary>
    /// <param name="group">A group without members; one that does not exist yet comes to be when the plan is applied.</param>
    /// <param name="target">Where to.</param>
    /// <param name="scope">Null: all partitions of the topics in which the group has committed offsets.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="OperationException"><see cref="FailureKind.Conflict"/>: the group has members, whom the message names.</exception>
    public async Task<ResetPlan> PlanResetAsync(string group, ResetTarget target, ResetScope? scope, CancellationToken cancellationToken) =>
        await new ResetPlanner(kafka, _time).PlanAsync(await _groups.OfAsync(group, cancellationToken), target, scope, cancellationToken);

    /// <summary>Commits the offsets of a plan, and keeps where the group was for <see cref="PlanUndoAsync"/>.</summary>
    /// <returns>The plan that undoes it.</returns>
    /// <exception cref="OperationException">
    /// <see cref="FailureKind.Conflict"/>: the group has members, or has moved since the preview: nothing was changed. Any other kind: the message names
    /// the partitions that were not changed; those that were can be undone.
    /// </exception>
    public Task<ResetPlan> ApplyAsync(ResetPlan plan, CancellationToken cancellationToken) => new ResetExecution(kafka, _time, _history).ApplyAsync(plan, cancellationToken);

    /// <summary>The plan that takes back the last reset of a group in the last seven days, or, after an undo, does it again (<see cref="ResetPlan.Redo"/>); null where there was none.</summary>
    public async Task<ResetPlan?> PlanUndoAsync(string group, CancellationToken cancellationToken)
    {
        var cluster = await kafka.AskAsync(admin => admin.DescribeClusterAsync(), cancellationToken);
        if (await _history.LastAsync(cluster.ClusterId, group, _time, cancellationToken) is not { } undo)
            return null;
        var back = new ResetTarget.Back(undo.Partitions.ToDictionary(line => new TopicPartition(line.Topic, line.Partition), line => line.After));
        var plan = (await PlanResetAsync(group, back, scope: null, cancellationToken)) with { Target = undo.Target };
        var left = undo.Partitions.ToDictionary(line => (line.Topic, line.Partition), line => line.Before);
        return plan.Partitions.All(line => line.Before == left[(line.Topic, line.Partition)])
            ? plan
            : plan with { Warnings = [.. plan.Warnings, "The group has moved since it was reset: what it has read since then is part of this."] };
    }

    /// <summary>Deletes a group with everything that it has committed.</summary>
    /// <exception cref="OperationException"><see cref="FailureKind.Conflict"/>: it has members.</exception>
    public async Task DeleteAsync(string group, CancellationToken cancellationToken)
    {
        await EnsureDeletableAsync(group, cancellationToken);
        await kafka.DoAsync(admin => admin.DeleteGroupsAsync([group]), cancellationToken);
    }

    /// <summary>What <see cref="DeleteAsync"/> checks, and nothing is deleted.</summary>
    /// <exception cref="OperationException">The group has members, or does not exist.</exception>
    public async Task EnsureDeletableAsync(string group, CancellationToken cancellationToken)
    {
        var situation = await _groups.OfAsync(group, cancellationToken);
        situation.EnsureStopped("for a group with members cannot be deleted");
        if (situation.IsMissing)
            throw await MissingAsync(group, cancellationToken);
    }

    /// <summary>Forgets what a group has committed in a topic.</summary>
    /// <exception cref="OperationException"><see cref="FailureKind.Conflict"/>: a member reads the topic.</exception>
    public async Task DeleteOffsetsAsync(string group, string topic, CancellationToken cancellationToken)
    {
        var committed = await CommittedPartitionsAsync(group, topic, cancellationToken);
        try
        {
            await kafka.DoAsync(admin => admin.DeleteConsumerGroupOffsetsAsync(group, committed), cancellationToken);
        }
        catch (OperationException exception) when (exception.Kind is FailureKind.Conflict)
        {
            throw new OperationException(FailureKind.Conflict, $"members of group {group} read topic {topic}: stop them first.", exception);
        }
    }

    /// <summary>The partitions of a topic in which a group has committed offsets: at least one.</summary>
    /// <exception cref="OperationException">There is none.</exception>
    public async Task<IReadOnlyList<TopicPartition>> CommittedPartitionsAsync(string group, string topic, CancellationToken cancellationToken)
    {
        var committed = (await _groups.OfAsync(group, cancellationToken)).Committed.Keys.Where(partition => partition.Topic == topic).ToList();
        return committed.Count > 0 ? committed : throw new OperationException(FailureKind.NotFound, $"group {group} has committed nothing in topic {topic}.");
    }

    private async Task<OperationException> MissingAsync(string group, CancellationToken cancellationToken) =>
        new(FailureKind.NotFound, Suggestion.Missing("group", group, (await ListAsync(cancellationToken)).Select(known => known.Name)));

    private static GroupLag LagOf(GroupSituation group, IReadOnlyList<GroupPosition> positions) => new(
        group.Name,
        group.State,
        group.Description.Members.Count,
        [.. positions.GroupBy(position => position.Topic).Select(TopicLag.Of)],
        GroupPosition.SumOfLags(positions),
        GroupPosition.LongestBehind(positions),
        LagCoverage.Of(positions))
    {
        Positions = positions,
    };
}
