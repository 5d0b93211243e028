using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Garam.Operations.Connections;
using Garam.Operations.Groups;
using Garam.Operations.Topics;

namespace Garam.Operations.DeadLetters;

/// <summary>Who reads a topic: the groups whose members own partitions of it now, and those that have committed offsets in it.</summary>
internal static class TargetReaders
{
    // One request for each group: the client library takes no more.
    private const int AtATime = 16;

    public static async Task<IReadOnlyList<RedriveReader>> FindAsync(
        KafkaConnection kafka, IReadOnlyCollection<string> topics, IReadOnlyCollection<string> gaveUp, CancellationToken ct)
    {
        if (topics.Count == 0)
            return [];
        var partitions = (await kafka.DescribeTopicsAsync(topics, ct)).SelectMany(topic => topic.Partitions.Select(partition => new TopicPartition(topic.Name, partition.Partition))).ToList();
        var listed = await GroupListing.ListAsync(kafka, ct);
        var groups = await DescribeAsync(kafka, [.. listed.Select(group => group.GroupId)], ct);
        var readers = new List<RedriveReader>[groups.Count];
        await Parallel.ForEachAsync(Enumerable.Range(0, groups.Count), new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = ct }, async (index, stop) =>
        {
            var group = groups[index];
            var read = group.Members.SelectMany(member => member.Assignment.TopicPartitions).Concat(await CommittedAsync(kafka, group.GroupId, partitions, stop));
            readers[index] = [.. read.Select(partition => partition.Topic).Where(topics.Contains).Distinct()
                .Select(topic => new RedriveReader(group.GroupId, topic, gaveUp.Contains(group.GroupId), group.State.ToString()))];
        });
        return [.. readers.SelectMany(group => group).OrderByDescending(reader => reader.GaveUp).ThenBy(reader => reader.Group, StringComparer.Ordinal).ThenBy(reader => reader.Topic, StringComparer.Ordinal)];
    }

    private static async Task<IReadOnlyList<ConsumerGroupDescription>> DescribeAsync(KafkaConnection kafka, IReadOnlyList<string> groups, CancellationToken ct)
    {
        if (groups.Count == 0)
            return [];
        try
        {
            return (await kafka.AskAsync(admin => admin.DescribeConsumerGroupsAsync(groups), ct)).ConsumerGroupDescriptions;
        }
        catch (OperationException exception) when (exception.InnerException is DescribeConsumerGroupsException partly)
        {
            return [.. partly.Results.ConsumerGroupDescriptions.Where(group => !group.Error.IsError)];
        }
    }

    private static async Task<IEnumerable<TopicPartition>> CommittedAsync(KafkaConnection kafka, string group, List<TopicPartition> partitions, CancellationToken ct)
    {
        try
        {
            var offsets = await kafka.AskAsync(admin => admin.ListConsumerGroupOffsetsAsync([new ConsumerGroupTopicPartitions(group, partitions)]), ct);
            return offsets[0].Partitions.Where(partition => partition.Offset.Value >= 0).Select(partition => partition.TopicPartition);
        }
        catch (OperationException exception) when (exception.Kind is FailureKind.NotFound or FailureKind.Unauthorized)
        {
            // Deleted since it was listed, or none of our business.
            return [];
        }
    }
}
