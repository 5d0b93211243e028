using System.Collections.Concurrent;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Garam.Operations.Connections;

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
    private readonly ResetHistory _history = history ?? new ResetHistory(ResetHistory.DefaultDirectory);

    /// <summary>All consumer groups, by name.</summary>
    public async Task<IReadOnlyList<GroupSummary>> ListAsync(CancellationToken cancellationToken)
    {
        var groups = await kafka.AskAsync(admin => admin.ListConsumerGroupsAsync(), cancellationToken);
        return [.. groups.Valid.Select(group => new GroupSummary(group.GroupId, group.State.ToString())).OrderBy(group => group.Name, StringComparer.Ordinal)];
    }

    /// <summary>How far behind groups are. For many at once: a few requests, and one more for each group.</summary>
    /// <returns>One for each name, in the order asked. One that could not be asked carries its failure; the others are there all the same.</returns>
    public async Task<IReadOnlyList<GroupLag>> LagAsync(IReadOnlyList<string> groups, CancellationToken cancellationToken)
    {
        var descriptions = await DescriptionsAsync(groups, cancellationToken);
        var situations = new ConcurrentDictionary<string, GroupSituation>();
        var failures = new ConcurrentDictionary<string, OperationException>();
        await Parallel.ForEachAsync(descriptions.Values, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (description, ct) =>
        {
            try
            {
                situations[description.GroupId] = await SituationAsync(description, ct);
            }
            catch (OperationException exception)
            {
                failures[description.GroupId] = exception;
            }
        });
        var positions = await new GroupPositions(kafka, _time).OfAsync([.. situations.Values], cancellationToken);
        return [.. groups.Select(name => situations.TryGetValue(name, out var situation)
            ? LagOf(situation, positions[name])
            : new GroupLag(name, "Unknown", 0, [], null, null, failures[name]))];
    }

    /// <exception cref="OperationException">The group has neither members nor offsets: it does not exist.</exception>
    public async Task<GroupDetail> DescribeAsync(string group, CancellationToken cancellationToken)
    {
        var situation = await SituationAsync((await DescriptionsAsync([group], cancellationToken))[group], cancellationToken);
        if (situation.IsMissing)
            throw new OperationException(FailureKind.NotFound, $"group {group} does not exist.");
        var positions = await new GroupPositions(kafka, _time).OfAsync([situation], cancellationToken);
        var description = situation.Description;
        return new GroupDetail(
            group,
            StateOf(description),
            description.Coordinator is { Id: >= 0 } coordinator ? coordinator.Id : null,
            description.PartitionAssignor,
            [.. description.Members.Select(member => new GroupMember(member.ConsumerId, member.GroupInstanceId, member.ClientId, member.Host, [.. member.Assignment.TopicPartitions.Select(partition => $"{partition.Topic}:{partition.Partition.Value}")]))],
            positions[group]);
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

    private async Task<Dictionary<string, ConsumerGroupDescription>> DescriptionsAsync(IReadOnlyList<string> groups, CancellationToken cancellationToken)
    {
        if (groups.Count == 0)
            return [];
        List<ConsumerGroupDescription> described;
        try
        {
            described = (await kafka.AskAsync(admin => admin.DescribeConsumerGroupsAsync(groups.Distinct()), cancellationToken)).ConsumerGroupDescriptions;
        }
        catch (OperationException exception) when (exception.InnerException is DescribeConsumerGroupsException partly)
        {
            described = partly.Results.ConsumerGroupDescriptions;
        }

        return described.ToDictionary(group => group.GroupId);
    }

    private async Task<GroupSituation> SituationAsync(ConsumerGroupDescription description, CancellationToken cancellationToken)
    {
        if (description.Error is { IsError: true, Code: not ErrorCode.GroupIdNotFound })
            throw OperationException.Of(description.Error, $"group {description.GroupId}");
        var offsets = await kafka.AskAsync(admin => admin.ListConsumerGroupOffsetsAsync([new ConsumerGroupTopicPartitions(description.GroupId, null)]), cancellationToken);
        return new GroupSituation(description, offsets.Single().Partitions.Where(partition => partition.Offset.Value >= 0)
            .ToDictionary(partition => partition.TopicPartition, partition => partition.Offset.Value));
    }

    private static GroupLag LagOf(GroupSituation group, IReadOnlyList<GroupPosition> positions) => new(
        group.Name,
        StateOf(group.Description),
        group.Description.Members.Count,
        [.. positions.GroupBy(position => position.Topic).Select(topic => new TopicLag(topic.Key, GroupPosition.SumOfLags(topic), GroupPosition.LongestBehind(topic)))],
        GroupPosition.SumOfLags(positions),
        GroupPosition.LongestBehind(positions));

    // A broker that knows no such group says so by an error, or by this state.
    private static string StateOf(ConsumerGroupDescription group) => (group.Error.IsError ? ConsumerGroupState.Dead : group.State).ToString();
}
