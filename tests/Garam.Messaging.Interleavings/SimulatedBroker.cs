using Confluent.Kafka;
using Garam.Messaging.Consuming;
using Garam.Messaging.Producing;

namespace Garam.Messaging.Interleavings;

/// <summary>
/// A broker as one member sees it: gives out records, takes partitions away and gives them back, refuses commits now and then, and checks each commit against
/// what was really done.
/// </summary>
/// <param name="interleaver">Decides.</param>
/// <param name="partitions">Of the one topic.</param>
/// <param name="records">Of each partition.</param>
/// <param name="oneByOne">A record is given out only when the one before it has begun: one that is forgotten is not woken by the next.</param>
internal sealed class SimulatedBroker(Interleaver interleaver, int partitions, int records, bool oneByOne) : IGroupTransport, IRecordProducer
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly HashSet<(int Partition, long Offset)> _done = [];
    private readonly HashSet<int> _owned = [];
    private readonly HashSet<int> _paused = [];
    private readonly long[] _fetched = new long[partitions];
    private readonly long[] _begun = new long[partitions];
    private readonly long[] _committed = new long[partitions];
    private IAssignmentListener? _listener;
    private int _changesLeft = interleaver.Random.Next(2) == 0 ? 0 : 6;
    private int _refusalsLeft = 6;
    private TimeSpan _nextChange = TimeSpan.FromMilliseconds(20);

    public bool IsAllCommitted => _committed.All(offset => offset == records);

    public void Begun(int partition, long offset) => _begun[partition] = Math.Max(_begun[partition], offset + 1);

    public void Done(int partition, long offset) => _done.Add((partition, offset));

    public bool IsCommitted(int partition, long offset) => offset < _committed[partition];

    public void Subscribe(IReadOnlyCollection<string> topics, IAssignmentListener listener) => _listener = listener;

    public ConsumeResult<byte[]?, byte[]?>? Poll(TimeSpan timeout)
    {
        if (interleaver.Now >= _nextChange)
        {
            _nextChange = interleaver.Now + TimeSpan.FromMilliseconds(interleaver.Random.Next(1, 60));
            ChangeAssignment();
            return null;
        }

        Interleaver.Wait(() => Readable().Count > 0, timeout);
        return Readable() is { Count: > 0 } readable ? Fetch(readable[interleaver.Random.Next(readable.Count)]) : null;
    }

    public void Pause(TopicPartition partition) => _paused.Add(partition.Partition.Value);

    public void Resume(TopicPartition partition) => _paused.Remove(partition.Partition.Value);

    public void Commit(IReadOnlyCollection<TopicPartitionOffset> offsets)
    {
        Interleaver.Wait(() => false, TimeSpan.FromMilliseconds(interleaver.Random.Next(0, 5)));
        if (_refusalsLeft > 0 && interleaver.Random.Next(3) == 0)
        {
            _refusalsLeft--;
            throw new KafkaException(ErrorCode.RebalanceInProgress);
        }

        foreach (var offset in offsets)
        {
            Check(offset.Partition.Value, offset.Offset.Value);
        }
    }

    public ValueTask<RecordPosition> ProduceAsync(ProducerRecord record, CancellationToken cancellationToken)
    {
        Interleaver.Point();
        if (_refusalsLeft > 0 && interleaver.Random.Next(2) == 0)
        {
            _refusalsLeft--;
            return ValueTask.FromException<RecordPosition>(new ProduceFailedException(record.Topic, "Local_MsgTimedOut", "timed out", isTransient: true));
        }

        var offset = long.Parse(record.Headers.Single(header => header.Name == "garam.dlt.offset").AsText()!, System.Globalization.CultureInfo.InvariantCulture);
        Done(record.Partition!.Value, offset);
        return ValueTask.FromResult(new RecordPosition(record.Topic, record.Partition.Value, 0));
    }

    public long EndOffset(TopicPartition partition) => records;

    public void Close()
    {
    }

    public void Dispose()
    {
    }

    private List<int> Readable() => [.. _owned.Where(partition => !_paused.Contains(partition) && _fetched[partition] < records
        && (!oneByOne || _begun[partition] == _fetched[partition]))];

    private ConsumeResult<byte[]?, byte[]?> Fetch(int partition) => new()
    {
        TopicPartitionOffset = new("orders", partition, _fetched[partition]++),
        Message = new() { Value = [1], Timestamp = new Timestamp(1, TimestampType.CreateTime) },
    };

    private void ChangeAssignment()
    {
        var partition = interleaver.Random.Next(partitions);
        List<TopicPartition> changed = [new("orders", partition)];
        if (!_owned.Contains(partition))
        {
            _fetched[partition] = _begun[partition] = _committed[partition];
            _owned.Add(partition);
            _listener!.Assigned(changed);
        }
        else if (_changesLeft > 0)
        {
            _changesLeft--;
            if (interleaver.Random.Next(2) == 0)
            {
                _listener!.Revoked(changed);
            }
            else
            {
                _listener!.Lost(changed);
            }

            _owned.Remove(partition);
        }
        else if (interleaver.Now > Patience)
        {
            throw new TimeoutException($"Committed are {string.Join(", ", _committed)} of {records} after {interleaver.Now}: something was forgotten.");
        }
    }

    private void Check(int partition, long offset)
    {
        if (!_owned.Contains(partition))
        {
            interleaver.Fail($"{partition}:{offset} was committed after the partition was taken away.");
        }

        if (offset < _committed[partition])
        {
            interleaver.Fail($"{partition}:{offset} was committed after {_committed[partition]}.");
        }

        for (var one = _committed[partition]; one < offset; one++)
        {
            if (!_done.Contains((partition, one)))
            {
                interleaver.Fail($"{partition}:{offset} was committed though {one} is not done.");
            }
        }

        _committed[partition] = offset;
    }
}
