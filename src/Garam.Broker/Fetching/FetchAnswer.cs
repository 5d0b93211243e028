using Garam.Broker.Apis;
using Garam.Broker.Log;
using Garam.Broker.Network;
using Garam.Kafka;
using Garam.Kafka.Messages;
using Garam.Kafka.Records;
using static Garam.Kafka.Messages.FetchResponse;

namespace Garam.Broker.Fetching;

/// <summary>
/// The answer to a fetch. It reads the records only when its turn to be sent has come: however many fetches a client sends without
/// reading the answers, the records of one are in memory.
/// </summary>
internal sealed class FetchAnswer(FetchPlan plan, FetchLimits limits, BrokerServices broker) : IMessage, IBoundedAnswer, IDisposable
{
    /// <summary>Below this version a client does not know zstd (KIP-110).</summary>
    private const short ZstdFrom = 10;

    private readonly FetchBuffer _records = new();
    private int _budget = limits.MaxBytes;
    private bool _hasRecords;
    private FetchPartition? _leftOut;

    public void Bound(int maxBytes) => _budget = Math.Min(_budget, maxBytes);

    public void Write(ref ProtocolWriter writer, short version)
    {
        var response = new FetchResponse { ErrorCode = plan.Error, SessionId = plan.Session?.Id ?? 0 };
        var topic = default(FetchableTopicResponse);
        foreach (var partition in plan.Partitions)
        {
            // Whoever is behind the one that had no room comes after it next time: looking at thousands of them for nothing costs more than the answer.
            if (_leftOut is not null && plan.IsIncremental) break;
            var answer = Read(partition, version);
            if (!partition.IsNews(answer) && plan.IsIncremental) continue;
            if (topic is null || topic.Topic != partition.Key.Topic || topic.TopicId != partition.Key.TopicId)
                response.Responses.Add(topic = new FetchableTopicResponse { Topic = partition.Key.Topic, TopicId = partition.Key.TopicId });
            topic.Partitions.Add(answer);
        }
        if (_leftOut is not null) plan.Session?.StartNextWith(_leftOut);
        response.Write(ref writer, version);
    }

    public void Dispose() => _records.Dispose();

    private PartitionData Read(FetchPartition partition, short version)
    {
        var (log, error) = FetchTargets.Find(broker.Topics, partition);
        if (log is null || error != ErrorCode.None) return Failed(partition, error);
        var result = Read(log, partition, out var records);
        if (result.Error != ErrorCode.None) return Failed(partition, result.Error);
        if (version < ZstdFrom && HasZstd(records.Span)) return Failed(partition, ErrorCode.UnsupportedCompressionType);
        return new PartitionData
        {
            PartitionIndex = partition.Key.Partition,
            HighWatermark = result.HighWatermark,
            LastStableOffset = result.LastStableOffset,
            LogStartOffset = result.LogStartOffset,
            AbortedTransactions = limits.Isolation == IsolationLevel.ReadCommitted ? [] : null,
            Records = records,
        };
    }

    private ReadResult Read(PartitionLog log, FetchPartition partition, out ReadOnlyMemory<byte> records)
    {
        records = default;
        var available = log.AvailableBytes(partition.Offset, limits.Isolation);
        var room = _records.Room((int)Math.Min(available, Math.Min(partition.MaxBytes, _budget)));
        var result = log.Read(partition.Offset, limits.Isolation, room.Span);
        if (result.BytesNeeded > 0)
        {
            // A reader must get on, however large the batch is; but only the first one may break the limits (KIP-74).
            if (_hasRecords)
            {
                _leftOut ??= partition;
                return result;
            }
            room = _records.Room(result.BytesNeeded);
            result = log.Read(partition.Offset, limits.Isolation, room.Span);
        }
        if (result.Bytes == 0) return result;
        _hasRecords = true;
        _budget = Math.Max(0, _budget - result.Bytes);
        _records.Keep(result.Bytes);
        records = room[..result.Bytes];
        return result;
    }

    private static bool HasZstd(ReadOnlySpan<byte> records)
    {
        while (RecordBatch.TryRead(records, out var batch))
        {
            if (batch.Header.Attributes.Compression == CompressionType.Zstd) return true;
            records = records[batch.Bytes.Length..];
        }
        return false;
    }

    private static PartitionData Failed(FetchPartition partition, ErrorCode error) => new()
    {
        PartitionIndex = partition.Key.Partition,
        ErrorCode = error,
        HighWatermark = -1,
        AbortedTransactions = null,
        Records = ReadOnlyMemory<byte>.Empty,
    };
}

/// <summary>How much a fetch may take, and how far it sees.</summary>
/// <param name="MinBytes">It waits until there is this much.</param>
/// <param name="MaxBytes">Of all partitions together.</param>
/// <param name="MaxWait">The longest that it waits.</param>
/// <param name="Isolation">How far it sees.</param>
internal sealed record FetchLimits(int MinBytes, int MaxBytes, TimeSpan MaxWait, IsolationLevel Isolation);
