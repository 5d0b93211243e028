using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Garam.Messaging.Telemetry;
using Microsoft.Extensions.Logging;

namespace Garam.Messaging.Topics;

/// <summary>Creates topics and looks them up, never by a metadata request that could create one by accident.</summary>
internal sealed class TopicAdmin : ITopicAdmin, IDisposable
{
    private static readonly TimeSpan LookUpTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan VisibleTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(50);

    private readonly Lazy<IAdminClient> _client;
    private readonly MessagingOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private bool _disposed;

    public TopicAdmin(MessagingOptions options, MessagingBackground background, TimeProvider time, ILogger<TopicAdmin> logger)
    {
        (_options, _time, _logger) = (options, time, background.Guard(logger));
        var log = new ClientLog(_logger, time);
        _client = new Lazy<IAdminClient>(() => new AdminClientBuilder(ClientConfiguration.ForAdmin(options))
            .SetErrorHandler((_, error) => log.Error(error))
            .SetLogHandler((_, message) => log.Message(message))
            .Build());
    }

    /// <summary>Makes the client now, so that what it does not accept is said at the start.</summary>
    /// <exception cref="InvalidOperationException">A property is unknown or its value is wrong.</exception>
    public void Open() => _ = _client.Value;

    public async Task EnsureTopicsAsync(IReadOnlyList<TopicDefinition> topics, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(topics);
        if (topics.Count == 0)
        {
            return;
        }

        await CreateMissingAsync(topics, cancellationToken).ConfigureAwait(false);
        var started = _time.GetTimestamp();
        var missing = topics;
        while ((missing = await NotVisibleAsync(missing, cancellationToken).ConfigureAwait(false)).Count > 0)
        {
            if (_time.GetElapsedTime(started) > VisibleTimeout)
            {
                throw new TopicAdminException(
                    $"The cluster does not show these topics with leaders after {VisibleTimeout.TotalSeconds:0} s: {string.Join(", ", missing.Select(topic => topic.Name))}.",
                    isTransient: true);
            }

            await Task.Delay(LookAgainAfter, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task<IReadOnlyDictionary<int, long>> EndOffsetsAsync(string topic, CancellationToken cancellationToken)
    {
        var counts = await PartitionCountsAsync([topic], cancellationToken).ConfigureAwait(false);
        if (!counts.TryGetValue(topic, out var partitions))
        {
            throw new TopicAdminException($"Topic '{topic}' does not exist, or has no leaders.", isTransient: true);
        }

        try
        {
            var asked = Enumerable.Range(0, partitions)
                .Select(partition => new TopicPartitionOffsetSpec { TopicPartition = new TopicPartition(topic, partition), OffsetSpec = OffsetSpec.Latest() });
            var result = await _client.Value.ListOffsetsAsync(asked, new ListOffsetsOptions { RequestTimeout = LookUpTimeout })
                .WaitAsync(cancellationToken).ConfigureAwait(false);
            return result.ResultInfos.ToDictionary(
                found => found.TopicPartitionOffsetError.Partition.Value, found => found.TopicPartitionOffsetError.Offset.Value);
        }
        catch (KafkaException exception)
        {
            throw Trouble($"look up the ends of topic '{topic}'", exception.Error, exception);
        }
    }

    /// <summary>Number of partitions by topic; topics that do not exist, or have no leaders yet, are absent.</summary>
    public async Task<IReadOnlyDictionary<string, int>> PartitionCountsAsync(IReadOnlyList<string> topics, CancellationToken cancellationToken)
    {
        List<TopicDescription> found;
        try
        {
            var options = new DescribeTopicsOptions { RequestTimeout = LookUpTimeout };
            var result = await _client.Value.DescribeTopicsAsync(TopicCollection.OfTopicNames(topics), options).WaitAsync(cancellationToken).ConfigureAwait(false);
            found = result.TopicDescriptions;
        }
        catch (DescribeTopicsException exception)
        {
            found = exception.Results.TopicDescriptions;
        }
        catch (KafkaException exception)
        {
            throw Trouble("look up topics", exception.Error, exception);
        }

        return found
            .Where(topic => !topic.Error.IsError && topic.Partitions.Count > 0 && topic.Partitions.TrueForAll(partition => partition.Leader is { Id: >= 0 }))
            .ToDictionary(topic => topic.Name, topic => topic.Partitions.Count, StringComparer.Ordinal);
    }

    /// <summary>The largest batch that a topic takes, in bytes; null where the cluster does not tell us.</summary>
    public async Task<int?> MaxMessageBytesAsync(string topic, CancellationToken cancellationToken)
    {
        try
        {
            var options = new DescribeConfigsOptions { RequestTimeout = LookUpTimeout };
            var described = await _client.Value.DescribeConfigsAsync([new ConfigResource { Type = ResourceType.Topic, Name = topic }], options)
                .WaitAsync(cancellationToken).ConfigureAwait(false);
            return described[0].Entries.TryGetValue("max.message.bytes", out var entry) && int.TryParse(entry.Value, CultureInfo.InvariantCulture, out var bytes) ? bytes : null;
        }
        catch (DescribeConfigsException)
        {
            return null;
        }
        catch (KafkaException exception)
        {
            throw Trouble($"look up the configs of topic '{topic}'", exception.Error, exception);
        }
    }

    /// <summary>Raises the largest batch that a topic takes. False when it is no smaller already, or the cluster refuses: more cannot be had.</summary>
    public async Task<bool> TryRaiseMaxMessageBytesAsync(string topic, long bytes, CancellationToken cancellationToken)
    {
        var limit = Math.Min(bytes, int.MaxValue);
        if (await MaxMessageBytesAsync(topic, cancellationToken).ConfigureAwait(false) is not { } current || current >= limit)
        {
            return false;
        }

        var resource = new ConfigResource { Type = ResourceType.Topic, Name = topic };
        var entry = new ConfigEntry { Name = "max.message.bytes", Value = limit.ToString(CultureInfo.InvariantCulture), IncrementalOperation = AlterConfigOpType.Set };
        try
        {
            await _client.Value.IncrementalAlterConfigsAsync(
                new Dictionary<ConfigResource, List<ConfigEntry>> { [resource] = [entry] }, new IncrementalAlterConfigsOptions { RequestTimeout = LookUpTimeout })
                .WaitAsync(cancellationToken).ConfigureAwait(false);
            Log.MaxMessageBytesRaised(_logger, topic, limit);
            return true;
        }
        catch (IncrementalAlterConfigsException)
        {
            return false;
        }
        catch (KafkaException exception)
        {
            throw Trouble($"raise max.message.bytes of topic '{topic}'", exception.Error, exception);
        }
    }

    /// <summary>Asks the cluster who it is: whether it answers at all.</summary>
    /// <exception cref="TopicAdminException">It does not.</exception>
    public async Task PingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _client.Value.DescribeClusterAsync(new DescribeClusterOptions { RequestTimeout = LookUpTimeout }).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (KafkaException exception)
        {
            throw Trouble("reach the cluster", exception.Error, exception);
        }
    }

    /// <summary>Makes <paramref name="topic"/> exist with at least <paramref name="partitions"/> partitions.</summary>
    public async Task EnsurePartitionsAsync(string topic, int partitions, CancellationToken cancellationToken)
    {
        var counts = await PartitionCountsAsync([topic], cancellationToken).ConfigureAwait(false);
        if (!counts.TryGetValue(topic, out var actual))
        {
            await EnsureTopicsAsync([new TopicDefinition(topic, partitions)], cancellationToken).ConfigureAwait(false);
        }
        else if (actual < partitions)
        {
            try
            {
                await _client.Value.CreatePartitionsAsync([new PartitionsSpecification { Topic = topic, IncreaseTo = partitions }])
                    .WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (KafkaException exception)
            {
                throw Trouble($"give topic '{topic}' {partitions} partitions", exception.Error, exception);
            }
        }
    }

    // Called once for each type that the container knows it by, and the client takes it only once.
    public void Dispose()
    {
        if (!Interlocked.Exchange(ref _disposed, true) && _client.IsValueCreated)
        {
            _client.Value.Dispose();
        }
    }

    private async Task CreateMissingAsync(IReadOnlyList<TopicDefinition> topics, CancellationToken cancellationToken)
    {
        var existing = await PartitionCountsAsync([.. topics.Select(topic => topic.Name)], cancellationToken).ConfigureAwait(false);
        var missing = topics.Where(topic => !existing.ContainsKey(topic.Name)).ToList();
        if (missing.Count == 0)
        {
            return;
        }

        try
        {
            var options = new CreateTopicsOptions { RequestTimeout = RequestTimeout, OperationTimeout = RequestTimeout };
            await _client.Value.CreateTopicsAsync(missing.Select(Specify), options).WaitAsync(cancellationToken).ConfigureAwait(false);
            missing.ForEach(topic => Log.TopicCreated(_logger, topic.Name));
        }
        catch (CreateTopicsException exception)
        {
            // Another process may have been quicker.
            if (exception.Results.Find(result => result.Error.IsError && result.Error.Code != ErrorCode.TopicAlreadyExists) is { } refused)
            {
                throw Trouble($"create topic '{refused.Topic}'", refused.Error, exception);
            }
        }
        catch (KafkaException exception)
        {
            throw Trouble("create topics", exception.Error, exception);
        }
    }

    private async Task<IReadOnlyList<TopicDefinition>> NotVisibleAsync(IReadOnlyList<TopicDefinition> topics, CancellationToken cancellationToken)
    {
        var counts = await PartitionCountsAsync([.. topics.Select(topic => topic.Name)], cancellationToken).ConfigureAwait(false);
        foreach (var topic in topics)
        {
            if (topic.Partitions is { } wanted && counts.TryGetValue(topic.Name, out var actual) && actual != wanted)
            {
                Log.PartitionsDiffer(_logger, topic.Name, actual, wanted);
            }
        }

        return [.. topics.Where(topic => !counts.ContainsKey(topic.Name))];
    }

    private TopicSpecification Specify(TopicDefinition topic)
    {
        var configs = _options.NewTopicConfig.ToDictionary();
        foreach (var (name, value) in topic.Configs ?? new Dictionary<string, string>())
        {
            configs[name] = value;
        }

        return new TopicSpecification { Name = topic.Name, NumPartitions = topic.Partitions ?? -1, ReplicationFactor = -1, Configs = configs };
    }

    private static TopicAdminException Trouble(string what, Error error, Exception inner) =>
        new($"Could not {what}: {error.Reason} ({error.Code}).", ClientErrors.IsTransient(error), inner);
}
