using Garam.Kafka;
using Garam.Kafka.Messages;
using Garam.Kafka.Records;

namespace Garam.Bench.Load;

/// <summary>
/// Consumes over one connection with a fetch session (KIP-227), as clients do: the first request names all partitions, the later ones those
/// whose place has moved. Every batch is summed and its offset checked.
/// </summary>
internal sealed class FetchLoad(Wire wire, Guid topicId, int partitions)
{
    private const short Version = 16;
    private const int MaxBytes = 1024 * 1024;

    private static readonly TimeSpan LongPoll = TimeSpan.FromMilliseconds(500);

    private readonly long[] _offsets = new long[partitions];
    private readonly List<int> _moved = [.. Enumerable.Range(0, partitions)];
    private int _sessionId;
    private int _sessionEpoch;
    private int _requests;

    /// <summary>Tells the broker where the consumer stands in every partition: nothing is there to be read yet.</summary>
    public void Open()
    {
        EndSession();
        _moved.AddRange(Enumerable.Range(0, partitions).Except(_moved));
        var response = Fetch(TimeSpan.Zero);
        Check.That(response.Responses.TrueForAll(topic => topic.Partitions.TrueForAll(partition => partition.Records is not { Length: > 0 })), "there are records before any were produced");
        _moved.Clear();
    }

    /// <summary>Fetches until <paramref name="expected"/> is there, and compares.</summary>
    public void Run(Produced expected)
    {
        var total = default(Produced);
        while (total.Records < expected.Records)
        {
            var response = Fetch(LongPoll);
            _moved.Clear();
            foreach (var topic in response.Responses)
            {
                foreach (var partition in topic.Partitions) Take(partition, ref total);
            }
        }
        Check.That(total.Records == expected.Records && total.SumOfChecksums == expected.SumOfChecksums,
            $"consumed {total.Records} records with checksum {total.SumOfChecksums:x}, produced were {expected.Records} with {expected.SumOfChecksums:x}");
    }

    private FetchResponse Fetch(TimeSpan maxWait)
    {
        var request = Request(maxWait);
        var topic = new FetchRequest.FetchTopic { TopicId = topicId };
        foreach (var partition in _moved)
            topic.Partitions.Add(new FetchRequest.FetchPartition { Partition = partition, FetchOffset = _offsets[partition], PartitionMaxBytes = MaxBytes });
        if (topic.Partitions.Count > 0) request.Topics.Add(topic);
        wire.Send(Wire.Frame(ApiKey.Fetch, Version, ++_requests, request));
        var response = Wire.Read<FetchResponse>(wire.Receive().Memory, ApiKey.Fetch, Version, _requests);
        Check.That(response.ErrorCode == ErrorCode.None, $"a fetch was refused: {response.ErrorCode}");
        _sessionId = response.SessionId;
        _sessionEpoch++;
        return response;
    }

    private FetchRequest Request(TimeSpan maxWait) => new()
    {
        MaxWaitMs = (int)maxWait.TotalMilliseconds,
        MinBytes = 1,
        MaxBytes = MaxBytes,
        SessionId = _sessionId,
        SessionEpoch = _sessionEpoch,
    };

    private void Take(FetchResponse.PartitionData partition, ref Produced total)
    {
        Check.That(partition.ErrorCode == ErrorCode.None, $"partition {partition.PartitionIndex} cannot be read: {partition.ErrorCode}");
        var bytes = partition.Records is { } records ? records.Span : default;
        if (bytes.Length > 0) _moved.Add(partition.PartitionIndex);
        ref var offset = ref _offsets[partition.PartitionIndex];
        while (RecordBatch.TryRead(bytes, out var batch))
        {
            Check.That(batch.Header.BaseOffset == offset, $"partition {partition.PartitionIndex} goes on with {batch.Header.BaseOffset} instead of {offset}");
            Check.That(batch.HasValidCrc, $"the batch at {offset} of partition {partition.PartitionIndex} does not fit its checksum");
            offset = batch.Header.NextOffset;
            total = total.With(batch.Header.RecordCount, batch.Bytes.Length, batch.Header.Crc);
            bytes = bytes[batch.Bytes.Length..];
        }
    }

    private void EndSession()
    {
        if (_sessionId == 0) return;
        var request = Request(TimeSpan.Zero);
        request.SessionEpoch = -1;
        wire.Send(Wire.Frame(ApiKey.Fetch, Version, ++_requests, request));
        wire.Receive();
        (_sessionId, _sessionEpoch) = (0, 0);
    }
}
