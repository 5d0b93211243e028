using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Garam.Operations.Connections;

namespace Garam.Operations.Groups;

/// <summary>What the coordinator knows of a group: who is in it and what it has committed.</summary>
internal sealed record GroupSituation(ConsumerGroupDescription Description, IReadOnlyDictionary<TopicPartition, long> Committed)
{
    private const int MembersNamed = 3;

    public string Name => Description.GroupId;

    /// <summary>There is no such group. One without members that has committed something is alive.</summary>
    public bool IsMissing => (Description.Error.IsError || Description.State is ConsumerGroupState.Dead) && Committed.Count == 0;

    // A broker that knows no such group says so by an error, or by this state.
    public string State => (Description.Error.IsError ? ConsumerGroupState.Dead : Description.State).ToString();

    public IReadOnlyDictionary<TopicPartition, MemberDescription> Owners { get; } = (Description.Members ?? [])
        .SelectMany(member => member.Assignment.TopicPartitions.Select(partition => (partition, member)))
        .GroupBy(owned => owned.partition).ToDictionary(same => same.Key, same => same.First().member);

    public IEnumerable<TopicPartition> Partitions => Owners.Keys.Union(Committed.Keys);

    public long? CommittedIn(TopicPartition partition) => Committed.TryGetValue(partition, out var offset) ? offset : null;

    /// <summary>The host of a member: Kafka writes Java's form of an address, with a slash before it.</summary>
    public static string HostOf(MemberDescription member) => member.Host.TrimStart('/');

    /// <exception cref="OperationException">The group has members.</exception>
    public void EnsureStopped(string because)
    {
        if (Description.Members is not { Count: > 0 and var count } members)
            return;
        var named = string.Join(", ", members.Take(MembersNamed).Select(member => $"{member.ClientId} at {HostOf(member)}"));
        throw new OperationException(FailureKind.Conflict,
            $"group {Name} has {Words.Count(count, "member")} ({named}{(count > MembersNamed ? ", ..." : "")}): stop {Words.Of(count, "it", "them")} first, {because}.");
    }
}

/// <summary>Asks coordinators what they know.</summary>
internal sealed class GroupSituations(KafkaConnection kafka)
{
    public async Task<GroupSituation> OfAsync(string group, CancellationToken cancellationToken) =>
        await OfAsync((await DescribeAsync([group], cancellationToken))[group], cancellationToken);

    /// <summary>With what a group has committed. One request each: the client has no way to ask for several.</summary>
    public async Task<GroupSituation> OfAsync(ConsumerGroupDescription description, CancellationToken cancellationToken)
    {
        if (description.Error is { IsError: true, Code: not ErrorCode.GroupIdNotFound })
            throw OperationException.Of(description.Error, $"group {description.GroupId}");
        var offsets = await kafka.AskAsync(admin => admin.ListConsumerGroupOffsetsAsync([new ConsumerGroupTopicPartitions(description.GroupId, null)]), cancellationToken);
        return new GroupSituation(description, offsets.Single().Partitions.Where(partition => partition.Offset.Value >= 0)
            .ToDictionary(partition => partition.TopicPartition, partition => partition.Offset.Value));
    }

    /// <summary>Members and states of many groups; one that cannot be asked carries its error.</summary>
    public async Task<Dictionary<string, ConsumerGroupDescription>> DescribeAsync(IReadOnlyCollection<string> groups, CancellationToken cancellationToken)
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
}
