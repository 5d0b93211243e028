using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Garam.Operations.Connections;

namespace Garam.Operations.Topics;

/// <summary>What can be done with topics, on any Kafka. Every method throws <see cref="OperationException"/> where the broker refuses or none answers.</summary>
public sealed class TopicOperations(KafkaConnection kafka)
{
    /// <summary>All topics, by name. One request, however many there are.</summary>
    public async Task<IReadOnlyList<TopicSummary>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await kafka.MetadataAsync(cancellationToken)).Topics
            .Select(topic => new TopicSummary(topic.Topic, topic.Partitions.Count, topic.Partitions.Select(partition => partition.Replicas.Length).DefaultIfEmpty().Max(), IsInternal(topic.Topic)))
            .OrderBy(topic => topic.Name, StringComparer.Ordinal)];

    /// <summary>How many records topics hold, counted in offsets; null for one that is not there or has a partition that nobody leads.</summary>
    public async Task<IReadOnlyDictionary<string, long?>> CountRecordsAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var asked = names.ToHashSet();
        var partitions = (await kafka.MetadataAsync(cancellationToken)).Topics.Where(topic => asked.Contains(topic.Topic))
            .ToDictionary(topic => topic.Topic, topic => topic.Partitions);
        var bounds = await kafka.BoundsAsync(
            [.. partitions.SelectMany(topic => topic.Value.Where(partition => partition.Leader >= 0).Select(partition => new TopicPartition(topic.Key, partition.PartitionId)))], cancellationToken);
        return asked.ToDictionary(name => name, name => partitions.TryGetValue(name, out var of) && of.Count > 0
            ? of.Aggregate((long?)0, (sum, partition) => sum + bounds.GetValueOrDefault(new TopicPartition(name, partition.PartitionId))?.Records)
            : null);
    }

    /// <exception cref="OperationException">One of the topics does not exist.</exception>
    public async Task<IReadOnlyList<TopicDetail>> DescribeAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var described = await DescribeExistingAsync(names, cancellationToken);
        var bounds = await kafka.BoundsAsync(
            [.. described.SelectMany(topic => topic.Partitions.Where(partition => partition.Leader is { Id: >= 0 }).Select(partition => new TopicPartition(topic.Name, partition.Partition)))], cancellationToken);
        var configs = await SetConfigsAsync(names, cancellationToken);
        return [.. described.Select(topic => new TopicDetail(
            topic.Name,
            topic.IsInternal,
            [.. topic.Partitions.Select(partition => Detail(partition, bounds.GetValueOrDefault(new TopicPartition(topic.Name, partition.Partition))))],
            configs[topic.Name]))];
    }

    /// <param name="names">Topics to create, alike.</param>
    /// <param name="partitions">Null: the cluster's default.</param>
    /// <param name="replicationFactor">Null: the cluster's default.</param>
    /// <param name="configs">Topic configs by their Kafka names.</param>
    /// <param name="dryRun">The broker checks everything and creates nothing.</param>
    /// <param name="cancellationToken">Gives up waiting; what was asked may still be done.</param>
    /// <returns>One outcome for each name.</returns>
    public async Task<IReadOnlyList<Outcome>> CreateAsync(
        IReadOnlyList<string> names, int? partitions, short? replicationFactor, IReadOnlyDictionary<string, string> configs, bool dryRun, CancellationToken cancellationToken)
    {
        var topics = names.Select(name => new TopicSpecification
        {
            Name = name,
            NumPartitions = partitions ?? -1,
            ReplicationFactor = replicationFactor ?? -1,
            Configs = configs.ToDictionary(),
        });
        try
        {
            await kafka.AskAsync(async admin => { await admin.CreateTopicsAsync(topics, new CreateTopicsOptions { ValidateOnly = dryRun }); return true; }, cancellationToken);
            return [.. names.Select(name => new Outcome(name, null))];
        }
        catch (OperationException exception) when (exception.InnerException is CreateTopicsException partly)
        {
            return [.. partly.Results.Select(result => OutcomeOf(result.Topic, result.Error))];
        }
    }

    /// <returns>One outcome for each name.</returns>
    public async Task<IReadOnlyList<Outcome>> DeleteAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        try
        {
            await kafka.AskAsync(async admin => { await admin.DeleteTopicsAsync(names); return true; }, cancellationToken);
            return [.. names.Select(name => new Outcome(name, null))];
        }
        catch (OperationException exception) when (exception.InnerException is DeleteTopicsException partly)
        {
            return [.. partly.Results.Select(result => OutcomeOf(result.Topic, result.Error))];
        }
    }

    /// <summary>Gives a topic more partitions. Keys may then belong to other partitions than before.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="total">How many it shall have.</param>
    /// <param name="dryRun">The broker checks everything and changes nothing.</param>
    /// <param name="cancellationToken">Gives up waiting; what was asked may still be done.</param>
    public Task AddPartitionsAsync(string topic, int total, bool dryRun, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Every config of a topic, by name.</summary>
    public Task<IReadOnlyList<TopicConfig>> ConfigsAsync(string topic, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <param name="topic">The topic.</param>
    /// <param name="changes">Configs by name; null: back to the default. Those that are not named stay.</param>
    /// <param name="dryRun">The broker checks everything and changes nothing.</param>
    /// <param name="cancellationToken">Gives up waiting; what was asked may still be done.</param>
    public Task SetConfigsAsync(string topic, IReadOnlyDictionary<string, string?> changes, bool dryRun, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>What a clear would take away, which is everything that the topic holds now unless something narrows it.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="partitions">Null: all.</param>
    /// <param name="beforeOffset">Only what lies before this offset.</param>
    /// <param name="beforeTime">Only what lies before the first record of this time or later.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<ClearPlan> PlanClearAsync(string topic, IReadOnlyList<int>? partitions, long? beforeOffset, DateTimeOffset? beforeTime, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>Takes away what the plan says. There is no way back.</summary>
    public Task ClearAsync(ClearPlan plan, CancellationToken cancellationToken) => throw new NotImplementedException();

    private async Task<IReadOnlyList<TopicDescription>> DescribeExistingAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var described = await kafka.DescribeTopicsAsync(names, cancellationToken);
        return described.FirstOrDefault(topic => topic.Error.IsError) is { } failed
            ? throw OperationException.Of(failed.Error, $"topic {failed.Name}")
            : described;
    }

    private async Task<IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>>> SetConfigsAsync(IEnumerable<string> names, CancellationToken cancellationToken)
    {
        var results = await kafka.AskAsync(
            admin => admin.DescribeConfigsAsync(names.Select(name => new ConfigResource { Type = ResourceType.Topic, Name = name })), cancellationToken);
        return results.ToDictionary(
            result => result.ConfigResource.Name,
            IReadOnlyDictionary<string, string> (result) => result.Entries.Values
                .Where(entry => entry.Source is ConfigSource.DynamicTopicConfig)
                .OrderBy(entry => entry.Name, StringComparer.Ordinal)
                .ToDictionary(entry => entry.Name, entry => entry.IsSensitive ? "(hidden)" : entry.Value));
    }

    private static PartitionDetail Detail(TopicPartitionInfo partition, PartitionBounds? bounds) => new(
        partition.Partition, partition.Leader is { Id: >= 0 } leader ? leader.Id : null,
        [.. partition.Replicas.Select(node => node.Id)], [.. partition.ISR.Select(node => node.Id)], bounds?.Start, bounds?.End);

    private static Outcome OutcomeOf(string name, Error error) => new(name, error.IsError ? OperationException.Of(error) : null);

    // The list call tells no flag; these two are Kafka's own, and its clients hide them by this name too.
    private static bool IsInternal(string topic) => topic is "__consumer_offsets" or "__transaction_state";
}
