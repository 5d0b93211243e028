using System.Collections.Concurrent;
using System.Text.Json;
using Garam.Broker.Configuration;
using Garam.Broker.Log;
using Garam.Kafka;
using Microsoft.Extensions.Logging;

namespace Garam.Broker.Topics;

/// <summary>
/// The topics of the broker. Reading takes no lock. A change is written to the <see cref="MetadataLog"/> first, then made; what a crash
/// leaves between the two is finished at the next start: a topic without directories gets them, a directory whose topic the log says was deleted is removed.
/// A directory that the log does not mention is kept: see <see cref="StrayPartitions"/>.
/// </summary>
internal sealed partial class TopicStore
{
    internal const string TopicKey = "topic:";
    private const string BrokerKey = "broker:", ClusterKey = "cluster";

    private readonly LogManager _logs;
    private readonly BrokerConfig _config;
    private readonly ILogger _logger;
    private readonly MetadataLog _metadata;
    private readonly SemaphoreSlim _changing = new(1, 1);
    private readonly ConcurrentDictionary<string, Topic> _byName = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Guid, Topic> _byId = new();
    private int _clusterRecords;
    // Guarded by _changing, like every change.
    private readonly Dictionary<string, string> _collisions = new(StringComparer.Ordinal);

    private TopicStore(LogManager logs, BrokerConfig config, TimeProvider time, ILogger logger)
    {
        _logs = logs;
        _config = config;
        _logger = logger;
        long nextProducerId = 0;
        var readable = 0;
        var entries = new Dictionary<string, TopicEntry>(StringComparer.Ordinal);
        var deleted = new HashSet<Guid>();
        _metadata = MetadataLog.Open(logs, time, Replay);
        ProducerIds = new ProducerIds(_metadata, _metadata.IsIncomplete ? nextProducerId + ProducerIds.MostThatCanBeLost : nextProducerId);
        ThrowIfStrange(readable);
        Reconcile(entries, deleted);

        void Replay(string key, ReadOnlySpan<byte> value, bool isDeleted)
        {
            readable++;
            if (key == ClusterKey) TakeUp(JsonSerializer.Deserialize(value, MetadataJson.Default.ClusterEntry)!);
            else if (key == ProducerIds.Key) nextProducerId = JsonSerializer.Deserialize(value, MetadataJson.Default.ProducerIdsEntry)!.Next;
            else if (key.StartsWith(BrokerKey, StringComparison.Ordinal)) TakeUp(key, JsonSerializer.Deserialize(value, MetadataJson.Default.BrokerEntry)!);
            else if (!isDeleted) entries[key[TopicKey.Length..]] = JsonSerializer.Deserialize(value, MetadataJson.Default.TopicEntry)!;
            else if (entries.Remove(key[TopicKey.Length..], out var entry)) deleted.Add(entry.Id);
        }
    }

    /// <summary>Called after a topic is gone, outside of every lock: who keeps something by topic drops it.</summary>
    public event Action<Topic>? Deleted;

    /// <summary>22 characters; the same for the life of the data directory.</summary>
    public string ClusterId { get; private set; } = "";

    public ProducerIds ProducerIds { get; }

    /// <summary>Every topic, in no order.</summary>
    public ICollection<Topic> All => _byName.Values;

    /// <summary>Reads what the data directory holds and brings its partitions in line with it.</summary>
    public static async Task<TopicStore> OpenAsync(LogManager logs, BrokerConfig config, TimeProvider time, ILogger logger)
    {
        var store = new TopicStore(logs, config, time, logger);
        await store.WriteClusterIdAsync().ConfigureAwait(false);
        return store;
    }

    public Topic? Find(string name) => _byName.GetValueOrDefault(name);

    public Topic? Find(Guid id) => _byId.GetValueOrDefault(id);

    /// <summary>The topic by id where a version of a request has ids, else by name.</summary>
    public Topic? Find(string name, Guid id) => id == Guid.Empty ? Find(name) : Find(id);

    public PartitionLog? Find(TopicPartition partition) => Find(partition.Topic)?.Partition(partition.Partition);

    /// <summary>Makes a topic. When the result says that there is one of that name already, it carries that topic.</summary>
    public async ValueTask<TopicResult> CreateAsync(NewTopic topic, bool validateOnly, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var entry = new TopicEntry(NewTopicId(), topic.Partitions == -1 ? _config.Get(BrokerConfigs.NumPartitions) : topic.Partitions, topic.Configs);
            if (Check(topic, entry) is { } failure) return failure;
            if (validateOnly) return new(ErrorCode.None, null, new Topic(topic.Name, Guid.Empty, new TopicConfig(entry.Configs, _config), []));
            await _metadata.SetAsync(TopicKey + topic.Name, entry).ConfigureAwait(false);
            _logger.TopicCreated(topic.Name, entry.Partitions, entry.Id);
            return new(ErrorCode.None, null, await InstallAsync(topic.Name, entry, before: null).ConfigureAwait(false));
        }
        finally
        {
            _changing.Release();
        }
    }

    /// <summary>Deletes a topic and its records. A topic of the same name made later is another one: another id, offsets from 0.</summary>
    public async ValueTask<TopicResult> DeleteAsync(Topic topic, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (topic.IsInternal) return TopicResult.Failed(ErrorCode.InvalidRequest, $"{topic.Name} is internal and cannot be deleted.");
            if (!_byId.TryGetValue(topic.Id, out var current)) return TopicResult.Failed(ErrorCode.UnknownTopicOrPartition, $"{topic.Name} is deleted already.");
            topic = current;
            await _metadata.DeleteAsync(TopicKey + topic.Name).ConfigureAwait(false);
            _byName.TryRemove(topic.Name, out _);
            _byId.TryRemove(topic.Id, out _);
            _collisions.Remove(TopicName.CollisionKey(topic.Name));
            foreach (var log in topic.Partitions) TryRemove(log.Name);
        }
        finally
        {
            _changing.Release();
        }
        _logger.TopicDeleted(topic.Name, topic.Id);
        Deleted?.Invoke(topic);
        return new(ErrorCode.None, null, topic);
    }

    /// <summary>The topic is deleted, whatever becomes of its files.</summary>
    private void TryRemove(TopicPartition partition)
    {
        try
        {
            _logs.Delete(partition);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _logger.PartitionNotRemoved(failure, partition);
            _logs.Problems.Report($"files of {partition}", $"{partition} is deleted, but its directory could not be removed ({failure.Message}). The next start tries again.");
        }
    }

    /// <summary>Gives a topic more partitions: <paramref name="count"/> is how many it then has.</summary>
    public async ValueTask<TopicResult> GrowAsync(string name, int count, bool validateOnly, CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (Find(name) is not { } topic) return TopicResult.Failed(ErrorCode.UnknownTopicOrPartition, $"There is no topic {name}.");
            if (topic.IsInternal) return TopicResult.Failed(ErrorCode.InvalidRequest, $"{name} is internal: its partitions are fixed.");
            if (count <= topic.Partitions.Count)
                return TopicResult.Failed(ErrorCode.InvalidPartitions, $"{name} has {topic.Partitions.Count} partitions; {count} would not be more.");
            if (count > MaxPartitions) return TooManyPartitions(count);
            if (validateOnly) return new(ErrorCode.None, null, topic);
            var entry = new TopicEntry(topic.Id, count, topic.Config.Own);
            await _metadata.SetAsync(TopicKey + name, entry).ConfigureAwait(false);
            _logger.PartitionsAdded(name, count);
            return new(ErrorCode.None, null, await InstallAsync(name, entry, new TopicEntry(topic.Id, topic.Partitions.Count, topic.Config.Own)).ConfigureAwait(false));
        }
        finally
        {
            _changing.Release();
        }
    }

    private const int MaxPartitions = 10_000;

    private TopicResult? Check(NewTopic topic, TopicEntry entry)
    {
        if (TopicName.Check(topic.Name) is { } problem) return TopicResult.Failed(ErrorCode.InvalidTopicException, problem);
        if (Find(topic.Name) is { } existing) return new TopicResult(ErrorCode.TopicAlreadyExists, $"Topic '{topic.Name}' already exists.", existing);
        if (_collisions.TryGetValue(TopicName.CollisionKey(topic.Name), out var other))
            return TopicResult.Failed(ErrorCode.InvalidTopicException, $"'{topic.Name}' collides with '{other}': '.' and '_' are the same in the names of metrics.");
        if (entry.Partitions < 1) return TopicResult.Failed(ErrorCode.InvalidPartitions, $"A topic has at least one partition, not {entry.Partitions}.");
        if (entry.Partitions > MaxPartitions) return TooManyPartitions(entry.Partitions);
        return Check(entry.Configs);
    }

    private static TopicResult TooManyPartitions(int count) =>
        TopicResult.Failed(ErrorCode.InvalidPartitions, $"{count} partitions are more than the {MaxPartitions} that a topic may have here.");

    /// <summary>Makes what was written down; what cannot be made is taken back, so that it does not appear at the next start after all.</summary>
    private async ValueTask<Topic> InstallAsync(string name, TopicEntry entry, TopicEntry? before)
    {
        try
        {
            return Install(name, entry);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _logger.TopicTakenBack(failure, name);
            await (before is null ? _metadata.DeleteAsync(TopicKey + name) : _metadata.SetAsync(TopicKey + name, before)).ConfigureAwait(false);
            for (var i = before?.Partitions ?? 0; i < entry.Partitions; i++) _logs.Delete(new TopicPartition(name, i));
            throw;
        }
    }

    /// <summary>Makes the partitions that are missing and shows the topic to readers.</summary>
    private Topic Install(string name, TopicEntry entry)
    {
        var config = new TopicConfig(entry.Configs, _config);
        var logConfig = config.ToLogConfig();
        var partitions = new PartitionLog[entry.Partitions];
        for (var i = 0; i < partitions.Length; i++)
        {
            var partition = new TopicPartition(name, i);
            // What is left of a topic of the same name, whose making failed half-way, is not this topic.
            if (_logs.Find(partition) is { } left && left.TopicId != entry.Id) _logs.Delete(partition);
            if (_logs.Find(partition) is { } log) log.UpdateConfig(logConfig);
            else log = _logs.Create(partition, entry.Id, logConfig);
            partitions[i] = log;
        }
        var topic = new Topic(name, entry.Id, config, partitions);
        _byId[entry.Id] = topic;
        _byName[name] = topic;
        _collisions[TopicName.CollisionKey(name)] = name;
        return topic;
    }

    /// <summary>Partitions without any metadata are another broker's, or the metadata was lost: not ours to touch.</summary>
    private void ThrowIfStrange(int readable)
    {
        if (readable == 0 && _logs.Logs.FirstOrDefault(log => log.Name.Topic != TopicName.Metadata) is { } stranger)
            throw new IOException($"The data directory holds {stranger.Name} but no readable {TopicName.Metadata} of this broker. Start it on an empty directory, or restore {TopicName.Metadata}-0 from a copy.");
    }

    private void TakeUp(ClusterEntry entry)
    {
        ClusterId = entry.Id;
        _clusterRecords++;
    }

    /// <summary>Two records hold the cluster id, so that damage to one leaves the other. Compaction leaves the second; the next start adds one.</summary>
    private async Task WriteClusterIdAsync()
    {
        if (ClusterId.Length == 0)
        {
            ClusterId = NewClusterId();
            if (_metadata.IsIncomplete) _logger.ClusterIdLost(ClusterId);
            await _metadata.SetAsync(ClusterKey, new ClusterEntry(ClusterId)).ConfigureAwait(false);
            _clusterRecords++;
        }
        if (_clusterRecords > 1) return;
        try
        {
            await _metadata.SetAsync(ClusterKey, new ClusterEntry(ClusterId)).ConfigureAwait(false);
        }
        catch (IOException failure)
        {
            _logger.ClusterIdNotCopied(failure); // the disk is full, perhaps: topics are served from it all the same
        }
    }

    private void Reconcile(Dictionary<string, TopicEntry> entries, HashSet<Guid> deleted)
    {
        foreach (var log in _logs.Logs)
        {
            if (log.Name.Topic == TopicName.Metadata) continue;
            var isKnown = entries.TryGetValue(log.Name.Topic, out var entry) && log.Name.Partition < entry.Partitions;
            if (isKnown && PartitionMetadata.IsDamaged(log.TopicId, entry!.Id)) log.Adopt(entry.Id);
            if (isKnown && entry!.Id == log.TopicId) continue;
            if (_metadata.IsIncomplete || !deleted.Contains(log.TopicId))
            {
                _logs.SetAside(log.Name);
                continue;
            }
            _logger.OrphanRemoved(log.Name);
            _logs.Delete(log.Name);
        }
        foreach (var (name, entry) in entries) Install(name, entry);
        StrayPartitions.Report(_logs, _metadata, _logger);
    }

    private static string NewClusterId() => Convert.ToBase64String(NewTopicId().ToByteArray(bigEndian: true)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    /// <summary>Random, and not one whose text begins with '-': command lines would take it for an option.</summary>
    private static Guid NewTopicId()
    {
        while (true)
        {
            var id = Guid.NewGuid();
            if (id.ToByteArray(bigEndian: true)[0] >> 2 != 62) return id;
        }
    }
}
