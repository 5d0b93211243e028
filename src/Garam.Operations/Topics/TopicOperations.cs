using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Garam.Operations.Connections;

namespace Garam.Operations.Topics;

/// <summary>One line of a list of topics.</summary>
public sealed record TopicSummary(string Name, int Partitions, int ReplicationFactor, bool Internal);

/// <summary>A topic in full. Configs are those that differ from the cluster's defaults.</summary>
public sealed record TopicDetail(string Name, bool Internal, IReadOnlyList<PartitionDetail> Partitions, IReadOnlyDictionary<string, string> Configs);

/// <summary>A partition: who leads it, who has copies, and the offsets between which its records lie.</summary>
public sealed record PartitionDetail(int Partition, int? Leader, IReadOnlyList<int> Replicas, IReadOnlyList<int> InSyncReplicas, long? StartOffset, long? EndOffset)
{
    public long? Records => EndOffset - StartOffset;
}

/// <summary>What can be done with topics. Knows no console: the command line is one of its callers.</summary>
public sealed class TopicOperations(KafkaConnection kafka)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public IReadOnlyList<TopicSummary> List() =>
        [.. kafka.Admin.GetMetadata(Patience).Topics
            .Select(topic => new TopicSummary(topic.Topic, topic.Partitions.Count, topic.Partitions.Select(partition => partition.Replicas.Length).DefaultIfEmpty().Max(), IsInternal(topic.Topic)))
            .OrderBy(topic => topic.Name, StringComparer.Ordinal)];

    /// <exception cref="OperationException">One of the topics does not exist.</exception>
    public async Task<IReadOnlyList<TopicDetail>> DescribeAsync(IReadOnlyList<string> names)
    {
        var described = await DescribeExistingAsync(names);
        var offsets = await OffsetsAsync(described);
        var configs = await ConfigsAsync(names);
        return [.. described.Select(topic => new TopicDetail(
            topic.Name,
            topic.IsInternal,
            [.. topic.Partitions.Select(partition => new PartitionDetail(
                partition.Partition,
                partition.Leader?.Id,
                [.. partition.Replicas.Select(node => node.Id)],
                [.. partition.ISR.Select(node => node.Id)],
                offsets.Start.GetValueOrDefault(new TopicPartition(topic.Name, partition.Partition)),
                offsets.End.GetValueOrDefault(new TopicPartition(topic.Name, partition.Partition))))],
            configs[topic.Name]))];
    }

    /// <param name="names">Topics to create, alike.</param>
    /// <param name="partitions">Null: the cluster's default.</param>
    /// <param name="replicationFactor">Null: the cluster's default.</param>
    /// <param name="configs">Topic configs by their Kafka names.</param>
    public async Task CreateAsync(IEnumerable<string> names, int? partitions, short? replicationFactor, IReadOnlyDictionary<string, string> configs) =>
        await kafka.Admin.CreateTopicsAsync(names.Select(name => new TopicSpecification
        {
            Name = name,
            NumPartitions = partitions ?? -1,
            ReplicationFactor = replicationFactor ?? -1,
            Configs = configs.ToDictionary(),
        }));

    public async Task DeleteAsync(IEnumerable<string> names) => await kafka.Admin.DeleteTopicsAsync(names);

    private async Task<IReadOnlyList<TopicDescription>> DescribeExistingAsync(IReadOnlyList<string> names)
    {
        IReadOnlyList<TopicDescription> described;
        try
        {
            described = (await kafka.Admin.DescribeTopicsAsync(TopicCollection.OfTopicNames(names))).TopicDescriptions;
        }
        catch (DescribeTopicsException exception)
        {
            described = exception.Results.TopicDescriptions;
        }

        return described.FirstOrDefault(topic => topic.Error.IsError) is { } failed
            ? throw OperationException.Of(failed.Error, $"topic {failed.Name}")
            : described;
    }

    private async Task<(Dictionary<TopicPartition, long?> Start, Dictionary<TopicPartition, long?> End)> OffsetsAsync(IReadOnlyList<TopicDescription> topics)
    {
        var led = topics.SelectMany(topic => topic.Partitions.Where(partition => partition.Leader is { Id: >= 0 })
            .Select(partition => new TopicPartition(topic.Name, partition.Partition))).ToList();
        return (await PartitionOffsets.AtAsync(kafka.Admin, led, OffsetSpec.Earliest()), await PartitionOffsets.AtAsync(kafka.Admin, led, OffsetSpec.Latest()));
    }

    private async Task<IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>> ConfigsAsync(IEnumerable<string> names)
    {
        var results = await kafka.Admin.DescribeConfigsAsync(names.Select(name => new ConfigResource { Type = ResourceType.Topic, Name = name }));
        return results.ToDictionary(
            result => result.ConfigResource.Name,
            IReadOnlyDictionary<string, string> (result) => result.Entries.Values
                .Where(entry => entry.Source is ConfigSource.DynamicTopicConfig)
                .OrderBy(entry => entry.Name, StringComparer.Ordinal)
                .ToDictionary(entry => entry.Name, entry => entry.IsSensitive ? "(hidden)" : entry.Value));
    }

    // The list call tells no flag; these two are Kafka's own, and its clients hide them by this name too.
    private static bool IsInternal(string topic) => topic is "__consumer_offsets" or "__transaction_state";
}
