using System.Collections.Concurrent;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Garam.Operations.Connections;

namespace Garam.Operations.Topics;

/// <summary>Between which offsets the records of a partition lie: from <paramref name="Start"/> to before <paramref name="End"/>.</summary>
internal readonly record struct PartitionBounds(long Start, long End)
{
    public long Records => End - Start;
}

/// <summary>Offsets and leaders of many partitions at once, by few requests.</summary>
internal static class PartitionOffsets
{
    // The client looks each answer up in a list: 30,000 partitions in one request took it seven seconds of processor, in pages a tenth of one.
    private const int AtOnce = 500;

    /// <summary>Start and end of partitions; one whose leader does not answer is left out.</summary>
    public static async Task<IReadOnlyDictionary<TopicPartition, PartitionBounds>> BoundsAsync(
        this KafkaConnection kafka, IReadOnlyCollection<TopicPartition> partitions, CancellationToken cancellationToken)
    {
        var (starts, ends) = (kafka.OffsetsAsync(partitions, OffsetSpec.Earliest(), cancellationToken), kafka.OffsetsAsync(partitions, OffsetSpec.Latest(), cancellationToken));
        await Task.WhenAll(starts, ends);
        var found = await ends;
        return (await starts).Where(start => found.ContainsKey(start.Key)).ToDictionary(start => start.Key, start => new PartitionBounds(start.Value, found[start.Key]));
    }

    /// <summary>The offset in each partition that satisfies a specification, -1 where none does; a partition whose leader does not answer is left out.</summary>
    public static Task<IReadOnlyDictionary<TopicPartition, long>> OffsetsAsync(
        this KafkaConnection kafka, IReadOnlyCollection<TopicPartition> partitions, OffsetSpec at, CancellationToken cancellationToken) =>
        kafka.OffsetsAsync(partitions, at, IsolationLevel.ReadUncommitted, cancellationToken);

    /// <summary>The same as a reader sees it who sees only what is committed: for him a partition ends before the first transaction that is open.</summary>
    public static async Task<IReadOnlyDictionary<TopicPartition, long>> OffsetsAsync(
        this KafkaConnection kafka, IReadOnlyCollection<TopicPartition> partitions, OffsetSpec at, IsolationLevel isolation, CancellationToken cancellationToken)
    {
        var found = new ConcurrentDictionary<TopicPartition, long>();
        await Parallel.ForEachAsync(partitions.Chunk(AtOnce), cancellationToken, async (page, ct) =>
        {
            foreach (var offset in await PageAsync(kafka, page, at, isolation, ct))
                found[offset.TopicPartition] = offset.Offset.Value;
        });
        return found;
    }

    private static async Task<IEnumerable<TopicPartitionOffsetError>> PageAsync(
        KafkaConnection kafka, IReadOnlyCollection<TopicPartition> partitions, OffsetSpec at, IsolationLevel isolation, CancellationToken cancellationToken)
    {
        var asked = partitions.Select(partition => new TopicPartitionOffsetSpec { TopicPartition = partition, OffsetSpec = at });
        List<ListOffsetsResultInfo> found;
        try
        {
            found = (await kafka.AskAsync(admin => admin.ListOffsetsAsync(asked, new ListOffsetsOptions { IsolationLevel = isolation }), cancellationToken)).ResultInfos;
        }
        catch (OperationException exception) when (exception.InnerException is ListOffsetsException partly)
        {
            found = partly.Result.ResultInfos;
        }

        return found.Select(info => info.TopicPartitionOffsetError).Where(offset => !offset.Error.IsError);
    }

    /// <summary>Topics with their partitions and leaders; one that is not there carries its error.</summary>
    public static async Task<IReadOnlyList<TopicDescription>> DescribeTopicsAsync(this KafkaConnection kafka, IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        if (names.Count == 0)
            return [];
        try
        {
            return (await kafka.AskAsync(admin => admin.DescribeTopicsAsync(TopicCollection.OfTopicNames(names)), cancellationToken)).TopicDescriptions;
        }
        catch (OperationException exception) when (exception.InnerException is DescribeTopicsException partly)
        {
            return partly.Results.TopicDescriptions;
        }
    }
}
