using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Garam.Operations.Connections;
using Garam.Operations.Topics;

namespace Garam.Operations.Groups;

/// <summary>One line of a list of consumer groups.</summary>
public sealed record GroupSummary(string Name, string State);

/// <summary>A consumer group in full.</summary>
public sealed record GroupDetail(string Name, string State, int? Coordinator, string Assignor, IReadOnlyList<GroupMember> Members, IReadOnlyList<GroupPosition> Positions)
{
    public long? Lag => Positions.Any(position => position.Lag is null) ? null : Positions.Sum(position => position.Lag);
}

/// <summary>A member of a group.</summary>
public sealed record GroupMember(string Id, string? InstanceId, string ClientId, string Host);

/// <summary>How far a group has come in a partition. Lag is unknown where nothing was committed or the leader is away.</summary>
public sealed record GroupPosition(string Topic, int Partition, long? Committed, long? EndOffset, string? MemberId)
{
    public long? Lag => EndOffset - Committed;
}

/// <summary>What can be known of consumer groups. Knows no console: the command line is one of its callers.</summary>
public sealed class GroupOperations(KafkaConnection kafka)
{
    public async Task<IReadOnlyList<GroupSummary>> ListAsync()
    {
        var groups = await kafka.Admin.ListConsumerGroupsAsync();
        return [.. groups.Valid.Select(group => new GroupSummary(group.GroupId, group.State.ToString())).OrderBy(group => group.Name, StringComparer.Ordinal)];
    }

    /// <exception cref="OperationException">The group has neither members nor offsets: it does not exist.</exception>
    public async Task<GroupDetail> DescribeAsync(string name)
    {
        var group = await DescriptionAsync(name);
        var committed = await CommittedAsync(name);
        if (group.State is ConsumerGroupState.Dead && committed.Count == 0)
            throw new OperationException(FailureKind.NotFound, $"group {name} does not exist.");

        var owners = group.Members.SelectMany(member => member.Assignment.TopicPartitions.Select(partition => (partition, member.ConsumerId)))
            .GroupBy(owned => owned.partition).ToDictionary(same => same.Key, same => same.First().ConsumerId);
        var partitions = owners.Keys.Union(committed.Keys).OrderBy(partition => partition.Topic, StringComparer.Ordinal).ThenBy(partition => partition.Partition.Value).ToList();
        var ends = await PartitionOffsets.AtAsync(kafka.Admin, partitions, OffsetSpec.Latest());
        return new GroupDetail(
            name,
            group.State.ToString(),
            group.Coordinator?.Id,
            group.PartitionAssignor,
            [.. group.Members.Select(member => new GroupMember(member.ConsumerId, member.GroupInstanceId, member.ClientId, member.Host))],
            [.. partitions.Select(partition => new GroupPosition(
                partition.Topic, partition.Partition, committed.GetValueOrDefault(partition), ends.GetValueOrDefault(partition), owners.GetValueOrDefault(partition)))]);
    }

    private async Task<ConsumerGroupDescription> DescriptionAsync(string name)
    {
        try
        {
            return (await kafka.Admin.DescribeConsumerGroupsAsync([name])).ConsumerGroupDescriptions.Single();
        }
        catch (DescribeConsumerGroupsException exception)
        {
            var failed = exception.Results.ConsumerGroupDescriptions.Single();
            throw OperationException.Of(failed.Error, $"group {name}");
        }
    }

    private async Task<Dictionary<TopicPartition, long?>> CommittedAsync(string name)
    {
        var offsets = await kafka.Admin.ListConsumerGroupOffsetsAsync([new ConsumerGroupTopicPartitions(name, null)]);
        return offsets.Single().Partitions.Where(partition => partition.Offset.Value >= 0)
            .ToDictionary(partition => partition.TopicPartition, long? (partition) => partition.Offset.Value);
    }
}
