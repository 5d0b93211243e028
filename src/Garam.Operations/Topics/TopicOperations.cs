using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Garam.Operations.Connections;

namespace Garam.Operations.Topics;

/// <summary>What can be done with topics, on any Kafka. Every method throws <see cref="OperationException"/> where the broker refuses or none answers.</summary>
public sealed class TopicOperations(KafkaConnection kafka)
{
    private const int AskedByName = 200;

    /// <summary>All topics, by name. One request, however many there are.</summary>
    public async Task<IReadOnlyList<TopicSummary>> ListAsync(CancellationToken cancellationToken) =>
        [.. (await kafka.MetadataAsync(cancellationToken)).Topics
            .Select(Summary)
            .OrderBy(topic => topic.Name, StringComparer.Ordinal)];

    /// <summary>How many records topics hold, counted in offsets; null for one that is not there or has a partition that nobody leads.</summary>
    public async Task<IReadOnlyDictionary<string, long?>> CountRecordsAsync(IReadOnlyList<string> names, CancellationToken cancellationToken) =>
        (await MeasureAsync(names, cancellationToken)).ToDictionary(topic => topic.Key, topic => topic.Value?.Records);

    /// <summary>
    /// Between which offsets the records of topics lie, summed over their partitions; null for one that is not there or has a partition that nobody
    /// leads. One sweep over the leaders, however many topics there are.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, TopicExtent?>> MeasureAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var partitions = await PartitionsAsync(names.ToHashSet(), cancellationToken);
        var bounds = await kafka.BoundsAsync([.. partitions.Values.SelectMany(topic => topic).Where(partition => partition.IsLed).Select(partition => partition.Partition)], cancellationToken);
        return names.Distinct().ToDictionary(name => name, name => partitions.TryGetValue(name, out var of) && of.Count > 0
            ? of.Aggregate(new TopicExtent(0, 0), TopicExtent? (sum, partition) => bounds.TryGetValue(partition.Partition, out var at) ? sum?.With(at) : null)
            : null);
    }

    // A page's topics are asked for by name; of very many it is cheaper to hear of all.
    private async Task<Dictionary<string, List<(TopicPartition Partition, bool IsLed)>>> PartitionsAsync(HashSet<string> names, CancellationToken cancellationToken) =>
        names.Count <= AskedByName
            ? (await kafka.DescribeTopicsAsync(names, cancellationToken)).Where(topic => !topic.Error.IsError)
                .ToDictionary(topic => topic.Name, topic => topic.Partitions.Select(partition => (new TopicPartition(topic.Name, partition.Partition), partition.Leader is { Id: >= 0 })).ToList())
            : (await kafka.MetadataAsync(cancellationToken)).Topics.Where(topic => names.Contains(topic.Topic))
                .ToDictionary(topic => topic.Topic, topic => topic.Partitions.Select(partition => (new TopicPartition(topic.Topic, partition.PartitionId), partition.Leader >= 0)).ToList());

    /// <exception cref="OperationException">One of the topics does not exist.</exception>
    public async Task<IReadOnlyList<TopicDetail>> DescribeAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var described = await DescribeExistingAsync(names, cancellationToken);
        var bounds = await kafka.BoundsAsync(
            [.. described.SelectMany(topic => topic.Partitions.Where(partition => partition.Leader is { Id: >= 0 }).Select(partition => new TopicPartition(topic.Name, partition.Partition)))], cancellationToken);
        var configs = await EntriesAsync(names, cancellationToken);
        var details = new List<TopicDetail>();
        foreach (var topic in described)
        {
            var ends = topic.Partitions.Select(partition => new TopicPartition(topic.Name, partition.Partition)).Where(bounds.ContainsKey).ToDictionary(partition => partition.Partition.Value, partition => bounds[partition]);
            details.Add(new TopicDetail(
                topic.Name,
                topic.IsInternal,
                [.. topic.Partitions.Select(partition => Detail(partition, ends.TryGetValue(partition.Partition, out var at) ? at : null))],
                configs[topic.Name].Where(IsSet).ToDictionary(entry => entry.Name, entry => entry.IsSensitive ? "(hidden)" : entry.Value))
            {
                Gaps = GapsOf(configs[topic.Name]) | (await kafka.Markers.HasTransactionsAsync(topic, ends, cancellationToken) ? OffsetGaps.Transactions : OffsetGaps.None),
            });
        }

        return details;
    }

    /// <summary>Which topics are compacted and which have transactions; for the few topics of one page or command. Topics that do not exist are left out.</summary>
    public async Task<IReadOnlyDictionary<string, OffsetGaps>> AllGapsAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var existing = names.Count == 0 ? [] : (await kafka.DescribeTopicsAsync(names, cancellationToken)).Where(topic => !topic.Error.IsError).Select(topic => topic.Name).ToList();
        return existing.Count == 0 ? new Dictionary<string, OffsetGaps>() : (await DescribeAsync(existing, cancellationToken)).ToDictionary(topic => topic.Name, topic => topic.Gaps);
    }

    /// <summary>Which topics are compacted; one request. Topics that do not exist are left out. Whether there are transactions is not looked at: <see cref="AllGapsAsync"/> does.</summary>
    public async Task<IReadOnlyDictionary<string, OffsetGaps>> GapsAsync(IReadOnlyList<string> names, CancellationToken cancellationToken) =>
        names.Count == 0 ? new Dictionary<string, OffsetGaps>() : (await ExistingEntriesAsync(names, cancellationToken)).ToDictionary(topic => topic.Name, topic => GapsOf(topic.Entries));

    // A group may have read topics that were deleted since.
    private async Task<IEnumerable<(string Name, IEnumerable<ConfigEntryResult> Entries)>> ExistingEntriesAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        try
        {
            return (await EntriesAsync(names, cancellationToken)).Select(topic => (topic.Key, (IEnumerable<ConfigEntryResult>)topic.Value));
        }
        catch (OperationException exception) when (exception.InnerException is DescribeConfigsException { Results: var results })
        {
            return results.Where(result => !result.Error.IsError).Select(result => (result.ConfigResource.Name, (IEnumerable<ConfigEntryResult>)result.Entries.Values));
        }
    }

    /// <summary>Counts the records of a topic by reading all of them, for so long at most. What comes last says what was not read.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="limit">How long to count.</param>
    /// <param name="from">Where to begin in some of the partitions; null: each is counted from its start.</param>
    /// <param name="cancellationToken">Ends the count.</param>
    /// <exception cref="OperationException">The topic does not exist, or the brokers went away.</exception>
    public IAsyncEnumerable<CountProgress> CountAsync(string topic, TimeSpan limit, IReadOnlyDictionary<int, long>? from, CancellationToken cancellationToken) =>
        new RecordCount(kafka, TimeProvider.System, topic, limit) { Starts = from ?? new Dictionary<int, long>() }.RunAsync(cancellationToken);

    /// <summary>Makes sure that a topic is there before something is written to it: clients create what they do not find, and a mistyped name would become a topic.</summary>
    /// <param name="name">The topic.</param>
    /// <param name="create">Create it, with the cluster's defaults, if it is not there.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="OperationException"><see cref="FailureKind.NotFound"/>: it does not exist; the message has the names that are like it.</exception>
    public async Task EnsureExistsAsync(string name, bool create, CancellationToken cancellationToken)
    {
        var topic = (await kafka.DescribeTopicsAsync([name], cancellationToken)).Single();
        if (!topic.Error.IsError)
            return;
        if (topic.Error.Code is not ErrorCode.UnknownTopicOrPart)
            throw OperationException.Of(topic.Error, $"topic {name}");
        if (!create)
            throw new OperationException(FailureKind.NotFound, Suggestion.Missing("topic", name, (await ListAsync(cancellationToken)).Select(known => known.Name)));
        var outcome = (await CreateAsync([name], null, null, new Dictionary<string, string>(), dryRun: false, cancellationToken)).Single();
        if (outcome.Failure is { Kind: not FailureKind.Conflict } failure)
            throw failure;
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
            Configs = configs.ToDictionary(config => config.Key, config => ConfigUnits.Plain(config.Key, config.Value)),
        });
        try
        {
            await kafka.DoAsync(admin => admin.CreateTopicsAsync(topics, new CreateTopicsOptions { ValidateOnly = dryRun }), cancellationToken);
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
        var refused = names.Select(name => new Outcome(name, kafka.Refusal(name))).Where(outcome => outcome.Failure is not null).ToList();
        var allowed = names.Except(refused.Select(outcome => outcome.Name)).ToList();
        return allowed.Count == 0 ? refused : [.. refused, .. await DeleteAllowedAsync(allowed, cancellationToken)];
    }

    private async Task<IEnumerable<Outcome>> DeleteAllowedAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        try
        {
            await kafka.DoAsync(admin => admin.DeleteTopicsAsync(names), cancellationToken);
            return names.Select(name => new Outcome(name, null));
        }
        catch (OperationException exception) when (exception.InnerException is DeleteTopicsException partly)
        {
            return partly.Results.Select(result => OutcomeOf(result.Topic, result.Error));
        }
    }

    /// <summary>Gives a topic more partitions. Keys may then belong to other partitions than before.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="total">How many it shall have.</param>
    /// <param name="dryRun">The broker checks everything and changes nothing.</param>
    /// <param name="cancellationToken">Gives up waiting; what was asked may still be done.</param>
    public async Task AddPartitionsAsync(string topic, int total, bool dryRun, CancellationToken cancellationToken)
    {
        kafka.EnsureMayChange(topic);
        var wanted = new PartitionsSpecification { Topic = topic, IncreaseTo = total };
        await kafka.DoAsync(admin => admin.CreatePartitionsAsync([wanted], new CreatePartitionsOptions { ValidateOnly = dryRun }), cancellationToken);
    }

    /// <summary>Every config of a topic, by name.</summary>
    public async Task<IReadOnlyList<TopicConfig>> ConfigsAsync(string topic, CancellationToken cancellationToken) =>
        [.. (await EntriesAsync([topic], cancellationToken))[topic].Select(entry => new TopicConfig(
            entry.Name,
            entry.IsSensitive ? null : entry.Value,
            entry.Synonyms.FirstOrDefault(synonym => synonym.Source is not ConfigSource.DynamicTopicConfig)?.Value ?? (IsSet(entry) ? null : entry.Value),
            IsSet(entry),
            entry.IsReadOnly,
            entry.IsSensitive,
            TopicConfigTexts.Of(entry.Name)))];

    /// <param name="topic">The topic.</param>
    /// <param name="changes">Configs by name, with units as <see cref="ConfigUnits"/> reads them; null: back to the default. Those that are not named stay.</param>
    /// <param name="dryRun">The broker checks everything and changes nothing.</param>
    /// <param name="cancellationToken">Gives up waiting; what was asked may still be done.</param>
    public async Task SetConfigsAsync(string topic, IReadOnlyDictionary<string, string?> changes, bool dryRun, CancellationToken cancellationToken)
    {
        if (changes.Count == 0)
            return;
        kafka.EnsureMayChange(topic);
        var entries = changes.Select(change => new ConfigEntry
        {
            Name = change.Key,
            Value = change.Value is null ? null : ConfigUnits.Plain(change.Key, change.Value),
            IncrementalOperation = change.Value is null ? AlterConfigOpType.Delete : AlterConfigOpType.Set,
        }).ToList();
        await kafka.DoAsync(
            admin => admin.IncrementalAlterConfigsAsync(
                new Dictionary<ConfigResource, List<ConfigEntry>> { [Resource(topic)] = entries }, new IncrementalAlterConfigsOptions { ValidateOnly = dryRun }), cancellationToken);
    }

    /// <summary>What a clear would take away, which is everything that the topic holds now unless something narrows it.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="partitions">Null: all.</param>
    /// <param name="beforeOffset">Only what lies before this offset.</param>
    /// <param name="beforeTime">Only what lies before the first record of this time or later.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="OperationException">The topic or a partition does not exist, or the topic's cleanup policy forbids it.</exception>
    public async Task<ClearPlan> PlanClearAsync(string topic, IReadOnlyList<int>? partitions, long? beforeOffset, DateTimeOffset? beforeTime, CancellationToken cancellationToken)
    {
        kafka.EnsureMayChange(topic);
        var described = (await DescribeAsync([topic], cancellationToken)).Single();
        var there = described.Partitions.Select(partition => partition.Partition).ToHashSet();
        if (partitions?.FirstOrDefault(partition => !there.Contains(partition), -1) is { } missing and not -1)
            throw new OperationException(FailureKind.NotFound, $"topic {topic} has no partition {missing}: it has {there.Count}.");
        if ((await ConfigsAsync(topic, cancellationToken)).Any(config => config is { Name: "cleanup.policy", Value: "compact" }))
            throw NotWhileCompacted(topic);

        List<TopicPartition> asked = [.. (partitions ?? [.. there]).Distinct().Order().Select(partition => new TopicPartition(topic, partition))];
        var bounds = await kafka.BoundsAsync(asked, cancellationToken);
        if (asked.FirstOrDefault(partition => !bounds.ContainsKey(partition)) is { } leaderless)
            throw new OperationException(FailureKind.Unreachable, $"nobody leads partition {leaderless.Partition.Value} of topic {topic} now: try again when its broker is back.");
        var times = beforeTime is { } time ? await kafka.OffsetsAsync(asked, OffsetSpec.ForTimestamp(Math.Max(0, time.ToUnixTimeMilliseconds())), cancellationToken) : null;
        return new ClearPlan(topic, [.. asked.Select(partition =>
        {
            var (start, end) = bounds[partition];
            var byTime = times?.GetValueOrDefault(partition, -1) is >= 0 and var offset ? offset : end;
            return new ClearedPartition(partition.Partition, start, Math.Clamp(Math.Min(beforeOffset ?? end, byTime), start, end), end);
        })]) { Gaps = described.Gaps };
    }

    /// <summary>Takes away what the plan says. There is no way back.</summary>
    public async Task ClearAsync(ClearPlan plan, CancellationToken cancellationToken)
    {
        kafka.EnsureMayChange(plan.Topic);
        List<TopicPartitionOffset> doomed = [.. plan.Partitions.Where(partition => partition.Records > 0).Select(partition => new TopicPartitionOffset(plan.Topic, partition.Partition, partition.Before))];
        if (doomed.Count == 0)
            return;
        try
        {
            await kafka.DoAsync(admin => admin.DeleteRecordsAsync(doomed), cancellationToken);
        }
        catch (OperationException exception) when (exception.InnerException is DeleteRecordsException { Results: var results })
        {
            throw Refused(plan.Topic, [.. results.Where(result => result.Error.IsError)]);
        }
    }

    private static OperationException Refused(string topic, IReadOnlyList<DeleteRecordsReport> failed) => failed[0].Error.Code switch
    {
        ErrorCode.PolicyViolation => NotWhileCompacted(topic),
        ErrorCode.OffsetOutOfRange => new(FailureKind.Conflict, $"topic {topic} has changed since the preview: look again."),
        var code => new(OperationException.KindOf(code), $"topic {topic}: {string.Join("; ", failed.Select(result => $"partition {result.Partition.Value} was not cleared: {result.Error.Reason}"))}"),
    };

    private static OperationException NotWhileCompacted(string topic) => new(
        FailureKind.Conflict, $"topic {topic} is compacted, and the records of a compacted topic cannot be deleted like this. Set its cleanup.policy to delete first.");

    private async Task<IReadOnlyList<TopicDescription>> DescribeExistingAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var described = await kafka.DescribeTopicsAsync(names, cancellationToken);
        if (described.FirstOrDefault(topic => topic.Error.IsError) is not { } failed)
            return described;
        throw failed.Error.Code is ErrorCode.UnknownTopicOrPart
            ? new OperationException(FailureKind.NotFound, Suggestion.Missing("topic", failed.Name, (await ListAsync(cancellationToken)).Select(topic => topic.Name)))
            : OperationException.Of(failed.Error, $"topic {failed.Name}");
    }

    private async Task<IReadOnlyDictionary<string, IReadOnlyList<ConfigEntryResult>>> EntriesAsync(IEnumerable<string> topics, CancellationToken cancellationToken)
    {
        var results = await kafka.AskAsync(admin => admin.DescribeConfigsAsync(topics.Select(Resource)), cancellationToken);
        return results.ToDictionary(
            result => result.ConfigResource.Name,
            IReadOnlyList<ConfigEntryResult> (result) => [.. result.Entries.Values.OrderBy(entry => entry.Name, StringComparer.Ordinal)]);
    }

    private static ConfigResource Resource(string topic) => new() { Type = ResourceType.Topic, Name = topic };

    private static bool IsSet(ConfigEntryResult entry) => entry.Source is ConfigSource.DynamicTopicConfig;

    private static OffsetGaps GapsOf(IEnumerable<ConfigEntryResult> configs) =>
        configs.Any(entry => entry.Name == "cleanup.policy" && entry.Value?.Contains("compact", StringComparison.Ordinal) is true) ? OffsetGaps.Compaction : OffsetGaps.None;

    private static TopicSummary Summary(TopicMetadata topic) =>
        new(topic.Topic, topic.Partitions.Count, topic.Partitions.Select(partition => partition.Replicas.Length).DefaultIfEmpty().Max(), InternalTopics.Contains(topic.Topic))
        {
            Leaderless = [.. topic.Partitions.Where(partition => partition.Leader < 0).Select(partition => partition.PartitionId)],
            OutOfSync = [.. topic.Partitions.Where(partition => partition.InSyncReplicas.Length < partition.Replicas.Length).Select(partition => partition.PartitionId)],
        };

    private static PartitionDetail Detail(TopicPartitionInfo partition, PartitionBounds? bounds) => new(
        partition.Partition, partition.Leader is { Id: >= 0 } leader ? leader.Id : null,
        [.. partition.Replicas.Select(node => node.Id)], [.. partition.ISR.Select(node => node.Id)], bounds?.Start, bounds?.End);

    private static Outcome OutcomeOf(string name, Error error) => new(name, error.IsError ? OperationException.Of(error) : null);
}
