using Confluent.Kafka;

namespace Garam.Records;

/// <summary>
/// Where a stream of records ends by itself: in each partition where that ended when reading began, or before its first record of some time or
/// later. Of a time that has not come yet, a partition is read until it comes.
/// </summary>
internal sealed class StreamEnd(bool atEnds, DateTimeOffset? until, TimeProvider time)
{
    private readonly HashSet<TopicPartition> _unfinished = [];
    private readonly HashSet<TopicPartition> _drained = [];
    private readonly Dictionary<TopicPartition, long> _ends = [];
    private bool _assigned;

    private bool IsBounded => atEnds || until is not null;

    public bool IsReached => IsBounded && _assigned && (_unfinished.Count == 0 || time.GetUtcNow() >= until && _unfinished.IsSubsetOf(_drained));

    public void Assigned(IConsumer<byte[]?, byte[]?> consumer, IEnumerable<TopicPartition> partitions, TimeSpan patience)
    {
        foreach (var partition in IsBounded ? partitions : [])
        {
            if (atEnds)
            {
                var offsets = consumer.QueryWatermarkOffsets(partition, patience);
                _ends[partition] = offsets.High.Value;
                if (offsets.High == offsets.Low)
                    continue;
            }

            _unfinished.Add(partition);
        }

        _assigned = true;
    }

    public void Revoked(TopicPartition partition) => _unfinished.Remove(partition);

    /// <summary>Nothing is left in the partition for now.</summary>
    public void Drained(TopicPartition partition)
    {
        _drained.Add(partition);
        if (atEnds || time.GetUtcNow() >= until)
            _unfinished.Remove(partition);
    }

    /// <summary>Whether a record lies before the end. The end is where it was: somebody may be writing faster than we read.</summary>
    public bool Admits(ConsumeResult<byte[]?, byte[]?> record)
    {
        var partition = record.TopicPartition;
        _drained.Remove(partition);
        if (!IsBounded)
            return true;
        if (!_unfinished.Contains(partition))
            return false;
        var end = _ends.GetValueOrDefault(partition, long.MaxValue);
        var isLate = until is { } at && record.Message.Timestamp.UnixTimestampMs >= at.ToUnixTimeMilliseconds();
        if (isLate || record.Offset.Value + 1 >= end)
            _unfinished.Remove(partition);
        return !isLate && record.Offset.Value < end;
    }
}
