using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Garam.Broker.Log;
using Garam.Kafka;
using Garam.Kafka.Records;

namespace Garam.Broker.Topics;

/// <summary>
/// What the broker remembers about itself: a compacted log like any other, so that there is one way to recover. Keys and values are
/// text, so that Kafka's dump tool shows them.
/// <code>
/// cluster        {"id":"4L6g3nShT-eMCtK--X86sw"}
/// producer-ids   {"next":3000}
/// topic:orders   {"id":"0b0c...","partitions":3,"configs":{"retention.ms":"-1"}}     no value: deleted
/// broker:1       {"configs":{"log.retention.ms":"-1"}}                               without a name: said to all brokers
/// </code>
/// Every record is on disk before anything acts on it.
/// </summary>
internal sealed class MetadataLog
{
    private const int SegmentBytes = 1024 * 1024;

    private readonly PartitionLog _log;
    private readonly TimeProvider _time;

    private MetadataLog(PartitionLog log, IReadOnlyList<LogDamage> damage, TimeProvider time)
    {
        _log = log;
        _time = time;
        Damage = damage;
    }

    public delegate void EntryAction(string key, ReadOnlySpan<byte> value, bool isDeleted);

    /// <summary>Parts of the log that could not be read, and were skipped.</summary>
    public IReadOnlyList<LogDamage> Damage { get; }

    /// <summary>Records may be missing: what the log does not mention may exist all the same.</summary>
    public bool IsIncomplete => _log.IsIncomplete || Damage.Count > 0;

    /// <summary>Opens the log, or makes it, and replays it.</summary>
    public static MetadataLog Open(LogManager logs, TimeProvider time, EntryAction replay)
    {
        var name = new TopicPartition(TopicName.Metadata, 0);
        var config = new LogConfig { CleanupPolicy = CleanupPolicy.Compact, FlushMessages = 1, SegmentBytes = SegmentBytes, RetentionMs = -1 };
        var log = logs.Find(name) ?? logs.Create(name, Guid.NewGuid(), config);
        log.UpdateConfig(config);
        if (log.TopicId == Guid.Empty) log.Adopt(Guid.NewGuid());
        var damage = LogReplay.Replay(log, (in Record record) => replay(Encoding.UTF8.GetString(record.Key), record.Value, !record.HasValue));
        return new MetadataLog(log, damage, time);
    }

    /// <summary>Remembers a value under a key; completes when it is on disk.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public Task SetAsync(string key, ClusterEntry value) => AppendAsync(key, JsonSerializer.SerializeToUtf8Bytes(value, MetadataJson.Default.ClusterEntry));

    /// <inheritdoc cref="SetAsync(string, ClusterEntry)"/>
    public Task SetAsync(string key, ProducerIdsEntry value) => AppendAsync(key, JsonSerializer.SerializeToUtf8Bytes(value, MetadataJson.Default.ProducerIdsEntry));

    /// <inheritdoc cref="SetAsync(string, ClusterEntry)"/>
    public Task SetAsync(string key, TopicEntry value) => AppendAsync(key, JsonSerializer.SerializeToUtf8Bytes(value, MetadataJson.Default.TopicEntry));

    /// <inheritdoc cref="SetAsync(string, ClusterEntry)"/>
    public Task SetAsync(string key, BrokerEntry value) => AppendAsync(key, JsonSerializer.SerializeToUtf8Bytes(value, MetadataJson.Default.BrokerEntry));

    /// <summary>Forgets a key; completes when that is on disk.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public Task DeleteAsync(string key) => AppendAsync(key, null);

    private async Task AppendAsync(string key, byte[]? value)
    {
        var appended = Append(Encoding.UTF8.GetBytes(key), value);
        var error = appended.Error;
        if (error == ErrorCode.None) error = await CommitAwaiter.WhenCommittedAsync(_log, appended.LastOffset + 1).ConfigureAwait(false);
        if (error != ErrorCode.None) throw new IOException($"The broker's metadata cannot be written: {error}.");
    }

    private AppendResult Append(byte[] key, byte[]? value)
    {
        var batch = new RecordBatchBuilder();
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        if (value is null) batch.AddTombstone(now, key);
        else batch.Add(now, key, value);
        return _log.Append(batch.Build(), AppendOrigin.Broker);
    }
}

/// <param name="Id">22 characters, as clients see it; never changes.</param>
internal sealed record ClusterEntry(string Id);

/// <param name="Next">No producer has been given this id or a greater one.</param>
internal sealed record ProducerIdsEntry(long Next);

/// <param name="Id">Of this incarnation of the name.</param>
/// <param name="Partitions">How many.</param>
/// <param name="Configs">The topic's own settings.</param>
internal sealed record TopicEntry(Guid Id, int Partitions, IReadOnlyDictionary<string, string> Configs);

/// <param name="Configs">What was said while the broker ran.</param>
internal sealed record BrokerEntry(IReadOnlyDictionary<string, string> Configs);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ClusterEntry))]
[JsonSerializable(typeof(ProducerIdsEntry))]
[JsonSerializable(typeof(TopicEntry))]
[JsonSerializable(typeof(BrokerEntry))]
internal sealed partial class MetadataJson : JsonSerializerContext;
