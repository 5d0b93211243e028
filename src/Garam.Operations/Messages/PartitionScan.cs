using Confluent.Kafka;

namespace Garam.Operations.Messages;

/// <summary>
/// One partition of a merged scan: what of it was not read yet, and the hits that wait to be given out. A step is read forward, as records come, also where
/// the scan goes back: then it is the newest hits of the step that are kept, and what lies before them counts as unread.
/// </summary>
internal sealed class PartitionScan(PartitionRange range, BrowseOrder order, int mostHits)
{
    private const long MostBytes = 16 * 1024 * 1024;

    private readonly bool _back = order is BrowseOrder.Newest;
    private readonly Queue<StoredRecord> _step = [];
    private IReadOnlyList<StoredRecord> _hits = [];
    private int _given;
    private PartitionRange _unread = range with { Until = Math.Max(range.From, range.Until) };
    private PartitionRange _reading;
    private long? _frontier;
    private long? _stepFrontier;
    private long _stepBytes;

    /// <summary>Where the step had to end early: keeping more would take too much memory.</summary>
    private long? _cut;

    public TopicPartition Partition => range.Partition;

    public bool HasHit => _given < _hits.Count;

    public bool IsFinished => !HasHit && _unread.IsEmpty;

    public long Unread => _unread.Count;

    /// <summary>What was not given out: hits that wait are part of it.</summary>
    public PartitionRange Remaining => !HasHit ? _unread : _back ? _unread with { Until = _hits[_given].Offset + 1 } : _unread with { From = _hits[_given].Offset };

    /// <summary>Whether its next hit, or whatever it might still find, comes before that of the other, whose number is lower: newest first is the exact reverse of oldest first.</summary>
    public bool IsBefore(PartitionScan other) => _back ? Time >= other.Time : Time < other.Time;

    public StoredRecord Take() => _hits[_given++];

    /// <summary>The next offsets to read; each record of them is to be added, then the step ended.</summary>
    public PartitionRange Begin(long step)
    {
        _step.Clear();
        (_stepBytes, _cut, _stepFrontier) = (0, null, null);
        return _reading = _back
            ? _unread with { From = Math.Max(_unread.From, _unread.Until - step) }
            : _unread with { Until = Math.Min(_unread.Until, _unread.From + step) };
    }

    public void Add(StoredRecord record, bool isHit)
    {
        if (_back)
            AddGoingBack(record, isHit);
        else
            AddGoingForward(record, isHit);
    }

    public void End()
    {
        (_hits, _given) = (_back ? [.. _step.Reverse()] : [.. _step], 0);
        _unread = _back ? _unread with { Until = _cut ?? _reading.From } : _unread with { From = _cut ?? _reading.Until };
        _frontier = _stepFrontier ?? _frontier;
        _step.Clear();
    }

    // What was not looked at may be anything: it comes first.
    private long Time => (HasHit ? _hits[_given].TimestampMs ?? _frontier : _frontier) ?? (_back ? long.MaxValue : long.MinValue);

    private bool IsFull => _step.Count >= mostHits || (_stepBytes > MostBytes && _step.Count > 0);

    private void AddGoingForward(StoredRecord record, bool isHit)
    {
        if (_cut is not null)
            return;
        if (isHit && IsFull)
        {
            _cut = record.Offset;
            return;
        }

        if (isHit)
            Keep(record);
        _stepFrontier = record.TimestampMs ?? _stepFrontier;
    }

    private void AddGoingBack(StoredRecord record, bool isHit)
    {
        // The frontier is the time of the oldest record that counts as read: the first of the step, or the first that is kept.
        _stepFrontier ??= record.TimestampMs;
        if (!isHit)
            return;
        while (IsFull)
        {
            _stepBytes -= _step.Dequeue().Size;
            var oldest = _step.TryPeek(out var kept) ? kept : record;
            (_cut, _stepFrontier) = (oldest.Offset, oldest.TimestampMs ?? _stepFrontier);
        }

        Keep(record);
    }

    private void Keep(StoredRecord record)
    {
        _step.Enqueue(record);
        _stepBytes += record.Size;
    }
}
