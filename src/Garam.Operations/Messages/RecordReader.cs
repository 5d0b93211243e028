using System.Diagnostics.CodeAnalysis;
using Confluent.Kafka;
using Garam.Operations.Connections;

namespace Garam.Operations.Messages;

/// <summary>
/// Reads ranges of partitions with a consumer that belongs to no group. Blocks: it has a thread of its own.
/// <code>
/// range 10..15 of  … 9 [10 11 __ 13 __] 15 …    __: compacted, aborted, or a transaction's mark
///                                     └ nothing is delivered there, ever: a range ends with its last record, with any record
///                                       behind it, or when the client says that the partition has no more
/// </code>
/// </summary>
internal sealed class RecordReader : IDisposable
{
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan StrangeSilence = TimeSpan.FromSeconds(1);

    private const long Endless = long.MaxValue;

    private readonly IConsumer<byte[]?, byte[]?> _consumer;
    private readonly Dictionary<TopicPartition, long> _unfinished = [];
    private readonly KafkaConnection _kafka;
    private readonly TimeProvider _time;
    private bool _isFollowing;
    private long _lastHeard;
    private Task? _inquiry;

    public RecordReader(KafkaConnection kafka, TimeProvider time, ReadAhead readAhead)
    {
        (_kafka, _time) = (kafka, time);
        _consumer = new ConsumerBuilder<byte[]?, byte[]?>(kafka.Configure(readAhead.Configuration()))
            .SetLogHandler((_, message) => ClientLog.Write(kafka.Logger, message))
            .SetErrorHandler((_, _) => { })          // what matters comes back from Consume, or shows as silence
            .Build();
    }

    /// <summary>Everything that was asked for has been read.</summary>
    public bool IsFinished => _unfinished.Count == 0;

    /// <summary>Begins to read these ranges, and forgets others.</summary>
    public void Begin(IReadOnlyCollection<PartitionRange> ranges)
    {
        _unfinished.Clear();
        foreach (var range in ranges.Where(range => !range.IsEmpty))
            _unfinished[range.Partition] = range.Until;
        Heard();
        _consumer.Assign(ranges.Where(range => !range.IsEmpty).Select(range => new TopicPartitionOffset(range.Partition, range.From)));
    }

    /// <summary>Reads these partitions on from there, beside those that it follows already, and has no end.</summary>
    public void Follow(IEnumerable<TopicPartitionOffset> partitions)
    {
        var added = partitions.ToList();
        foreach (var partition in added)
            _unfinished[partition.TopicPartition] = Endless;
        _isFollowing = true;
        _consumer.IncrementalAssign(added);
    }

    /// <summary>The next record of the ranges, in the order of its partition; false when none came in time, or nothing is left.</summary>
    /// <exception cref="OperationException">The topic is gone, or the brokers are.</exception>
    public bool TryRead(TimeSpan patience, [NotNullWhen(true)] out StoredRecord? record)
    {
        record = null;
        while (!IsFinished)
        {
            if (Consume(patience) is not { } result)
            {
                ThrowIfSilent();
                return false;
            }

            Heard();
            if (result.IsPartitionEOF && !_isFollowing)
                _unfinished.Remove(result.TopicPartition);
            else if (!result.IsPartitionEOF && IsWanted(result))
                return (record = StoredRecord.From(result)) is not null;
        }

        return false;
    }

    public void Dispose() => _consumer.Dispose();

    private bool IsWanted(ConsumeResult<byte[]?, byte[]?> result)
    {
        var (partition, offset) = (result.TopicPartition, result.Offset.Value);
        if (!_unfinished.TryGetValue(partition, out var until))
            return false;
        if (offset + 1 >= until)
            _unfinished.Remove(partition);
        return offset < until;
    }

    private ConsumeResult<byte[]?, byte[]?>? Consume(TimeSpan patience)
    {
        try
        {
            return _consumer.Consume(patience);
        }
        catch (KafkaException exception)
        {
            throw OperationException.Of(exception.Error);
        }
    }

    private void Heard() => (_lastHeard, _inquiry) = (_time.GetTimestamp(), null);

    // Its failure is thrown from here on; a reader that has ended meanwhile needs no answer.
    private Task Inquire() => BrowsePlan.PartitionsAsync(_kafka, [.. _unfinished.Keys.Select(partition => partition.Topic).Distinct()], CancellationToken.None);

    // Of a topic that was deleted the client says nothing, and waits for it to come back.
    private void ThrowIfSilent()
    {
        if (_isFollowing)
            return;
        var silence = _time.GetElapsedTime(_lastHeard);
        if (silence > StrangeSilence)
            _inquiry ??= Inquire();
        if (_inquiry is { IsFaulted: true })
            _inquiry.GetAwaiter().GetResult();
        if (silence > LongestSilence)
            throw new OperationException(FailureKind.Unreachable, $"no broker has sent anything for {LongestSilence.TotalSeconds:0} s; what was read so far is all there is.");
    }
}
