using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Garam.Operations.Connections;
using Garam.Operations.Topics;

namespace Garam.Operations.Groups;

/// <summary>What can be known of consumer groups and done with them, on any Kafka. Every method throws <see cref="OperationException"/> where the broker refuses or none answers.</summary>
/// <param name="kafka">Which Kafka.</param>
/// <param name="time">Null: the system's clock.</param>
/// <param name="history">Null: in <see cref="ResetHistory.DefaultDirectory"/>.</param>
public sealed class GroupOperations(KafkaConnection kafka, TimeProvider? time = null, ResetHistory? history = null)
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly ResetHistory _history = history ?? new ResetHistory(ResetHistory.DefaultDirectory);

    /// <summary>All consumer groups, by name.</summary>
    public async Task<IReadOnlyList<GroupSummary>> ListAsync(CancellationToken cancellationToken)
    {
        var groups = await kafka.AskAsync(admin => admin.ListConsumerGroupsAsync(), cancellationToken);
        return [.. groups.Valid.Select(group => new GroupSummary(group.GroupId, group.State.ToString())).OrderBy(group => group.Name, StringComparer.Ordinal)];
    }

    /// <summary>How far behind groups are. For many at once: a few requests, and one more for each group.</summary>
    /// <returns>One for each name, in the order asked.</returns>
    public Task<IReadOnlyList<GroupLag>> LagAsync(IReadOnlyList<string> groups, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <exception cref="OperationException">The group has neither members nor offsets: it does not exist.</exception>
    public async Task<GroupDetail> DescribeAsync(string name, CancellationToken cancellationToken)
    {
        var group = await DescriptionAsync(name, cancellationToken);
        var committed = await CommittedAsync(name, cancellationToken);
        if (group.State is ConsumerGroupState.Dead && committed.Count == 0)
            throw new OperationException(FailureKind.NotFound, $"group {name} does not exist.");

        var owners = group.Members.SelectMany(member => member.Assignment.TopicPartitions.Select(partition => (partition, member)))
            .GroupBy(owned => owned.partition).ToDictionary(same => same.Key, same => same.First().member);
        var partitions = owners.Keys.Union(committed.Keys).OrderBy(partition => partition.Topic, StringComparer.Ordinal).ThenBy(partition => partition.Partition.Value).ToList();
        var bounds = await kafka.BoundsAsync(partitions, cancellationToken);
        return new GroupDetail(
            name,
            group.State.ToString(),
            group.Coordinator?.Id,
            group.PartitionAssignor,
            [.. group.Members.Select(member => new GroupMember(member.ConsumerId, member.GroupInstanceId, member.ClientId, member.Host, [.. member.Assignment.TopicPartitions.Select(partition => $"{partition.Topic}:{partition.Partition.Value}")]))],
            [.. partitions.Select(partition => Position(partition, committed.GetValueOrDefault(partition), bounds.GetValueOrDefault(partition), owners.GetValueOrDefault(partition)))]);
    }

    /// <summary>What a reset would do. Nothing is changed.</summary>
    /// <param name="group">A group without members; one that does not exist yet comes to be when the plan is applied.</param>
    /// <param name="target">Where to.</param>
    /// <param name="scope">Null: all partitions of the topics in which the group has committed offsets.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="OperationException"><see cref="FailureKind.Conflict"/>: the group has members, whom the message names.</exception>
    public Task<ResetPlan> PlanResetAsync(string group, ResetTarget target, ResetScope? scope, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Commits the offsets of a plan, and keeps where the group was for <see cref="PlanUndoAsync"/>.</summary>
    /// <returns>The plan that undoes it.</returns>
    /// <exception cref="OperationException">
    /// <see cref="FailureKind.Conflict"/>: the group has members, or has moved since the preview: nothing was changed. Any other kind: the message names
    /// the partitions that were not changed; those that were can be undone.
    /// </exception>
    public Task<ResetPlan> ApplyAsync(ResetPlan plan, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>The plan that takes back the last reset or undo of a group in the last seven days; null where there was none.</summary>
    public Task<ResetPlan?> PlanUndoAsync(string group, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Deletes a group with everything that it has committed.</summary>
    /// <exception cref="OperationException"><see cref="FailureKind.Conflict"/>: it has members.</exception>
    public Task DeleteAsync(string group, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Forgets what a group has committed in a topic.</summary>
    /// <exception cref="OperationException"><see cref="FailureKind.Conflict"/>: a member reads the topic.</exception>
    public Task DeleteOffsetsAsync(string group, string topic, CancellationToken cancellationToken) => throw new NotImplementedException();

    private async Task<ConsumerGroupDescription> DescriptionAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return (await kafka.AskAsync(admin => admin.DescribeConsumerGroupsAsync([name]), cancellationToken)).ConsumerGroupDescriptions.Single();
        }
        catch (OperationException exception) when (exception.InnerException is DescribeConsumerGroupsException partly)
        {
            throw OperationException.Of(partly.Results.ConsumerGroupDescriptions.Single().Error, $"group {name}");
        }
    }

    private async Task<Dictionary<TopicPartition, long?>> CommittedAsync(string name, CancellationToken cancellationToken)
    {
        var offsets = await kafka.AskAsync(admin => admin.ListConsumerGroupOffsetsAsync([new ConsumerGroupTopicPartitions(name, null)]), cancellationToken);
        return offsets.Single().Partitions.Where(partition => partition.Offset.Value >= 0)
            .ToDictionary(partition => partition.TopicPartition, long? (partition) => partition.Offset.Value);
    }

    private static GroupPosition Position(TopicPartition partition, long? committed, PartitionBounds? bounds, MemberDescription? owner) => new(
        partition.Topic, partition.Partition, committed, bounds?.Start, bounds?.End, PositionState.Known, bounds?.End - committed, null, owner?.ConsumerId, owner?.ClientId, owner?.Host);
}
