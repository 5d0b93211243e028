using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Garam.Operations.Connections;
using Garam.Operations.Groups;

namespace Garam.Operations.Messages;

/// <summary>The consumer groups that read the partition of a record, and whether they are past it.</summary>
internal static class JourneyReaders
{
    /// <summary>The client asks for the offsets of one group at a time: so many of them travel at once.</summary>
    private const int AtOnce = 64;

    public static async Task<IReadOnlyList<JourneyStep.ReadBy>> FindAsync(KafkaConnection kafka, StoredRecord record, CancellationToken ct)
    {
        var groups = await GroupListing.ListAsync(kafka, ct);
        var committed = new long?[groups.Count];
        await Parallel.ForEachAsync(Enumerable.Range(0, groups.Count), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (at, stop) =>
            committed[at] = await CommittedAsync(kafka, groups[at].GroupId, record.TopicPartition, stop));

        // A group that has committed nothing may still be at its first record: its members say what they read.
        var silent = groups.Where((group, at) => committed[at] is null && group.State is not ConsumerGroupState.Empty and not ConsumerGroupState.Dead).Select(group => group.GroupId).ToList();
        var reading = await AssignedAsync(kafka, silent, record.TopicPartition, ct);
        return
        [
            .. groups.Select((group, at) => (group, offset: committed[at])).Where(found => found.offset is not null || reading.Contains(found.group.GroupId))
                .OrderBy(found => found.group.GroupId, StringComparer.Ordinal)
                .Select(found => new JourneyStep.ReadBy(found.group.GroupId, found.group.State.ToString(), found.offset, found.offset > record.Offset)),
        ];
    }

    private static async Task<long?> CommittedAsync(KafkaConnection kafka, string group, TopicPartition partition, CancellationToken ct)
    {
        try
        {
            var found = await kafka.AskAsync(admin => admin.ListConsumerGroupOffsetsAsync([new ConsumerGroupTopicPartitions(group, [partition])]), ct);
            return found.Single().Partitions.Where(offset => offset.Offset.Value >= 0).Select(offset => (long?)offset.Offset.Value).FirstOrDefault();
        }
        catch (OperationException exception) when (exception.Kind is FailureKind.NotFound or FailureKind.Unauthorized)
        {
            return null;          // deleted since it was listed, or none of ours to know
        }
    }

    private static async Task<IReadOnlySet<string>> AssignedAsync(KafkaConnection kafka, IReadOnlyList<string> groups, TopicPartition partition, CancellationToken ct)
    {
        if (groups.Count == 0)
            return new HashSet<string>();
        List<ConsumerGroupDescription> described;
        try
        {
            described = (await kafka.AskAsync(admin => admin.DescribeConsumerGroupsAsync(groups), ct)).ConsumerGroupDescriptions;
        }
        catch (OperationException exception) when (exception.InnerException is DescribeConsumerGroupsException partly)
        {
            described = partly.Results.ConsumerGroupDescriptions;
        }

        return described.Where(group => !group.Error.IsError && group.Members.Any(member => member.Assignment.TopicPartitions.Contains(partition)))
            .Select(group => group.GroupId).ToHashSet();
    }
}
