namespace Garam.Outbox;

/// <summary>What becomes of a row that was read.</summary>
internal enum Admission
{
    /// <summary>It may be sent now.</summary>
    Start,

    /// <summary>It is sent after another of its key, or is in memory already.</summary>
    Queued,

    /// <summary>It stays in the table, and is read again when what it waits for is over.</summary>
    Skipped,

    /// <summary>There will be room for it soon: ask again.</summary>
    Wait,

    /// <summary>The reading position has moved back since this row was read: read again.</summary>
    Outdated,
}

/// <summary>
/// Which rows may be sent when. The table is the truth: memory has a bounded number of rows of each topic, and what is passed over is read
/// again.
/// <code>
/// rows in id order ──► key waits for a failed row?  ──► skipped; read again when that row is gone
///                      topic has no room?           ──► skipped, with all that follow of the topic; read again when there is room
///                      else                         ──► sent, after the rows of its key that are under way
/// </code>
/// The order of each key holds because a row is never taken while an earlier one of its key is skipped or failed. Thread-safe.
/// </summary>
internal sealed class OutboxSchedule(TimeProvider time, Action changed)
{
    /// <summary>Rows that are acknowledged and still in the table: bounds what a crash repeats while the store is slow.</summary>
    private const int MaxUnremoved = 2_000;

    private readonly Lock _lock = new();

    // The rows behind the one that is under way; made when there is one.
    private readonly Dictionary<OutboxLane, Queue<OutboxRow>?> _lanes = [];
    private readonly HashSet<OutboxLane> _blocked = [];
    private readonly Dictionary<long, OutboxLane> _undeliverable = [];
    private readonly Dictionary<string, OutboxTopic> _topics = new(StringComparer.Ordinal);

    // Rows in memory, and those that have left it since the last read began: that read may still show them.
    private readonly HashSet<long> _taken = [];
    private readonly HashSet<long> _gone = [];
    private long _position;
    private int _epoch;
    private int _unremoved;
    private OutboxTopic? _waitsFor;
    private TaskCompletionSource? _empty;

    /// <summary>Rows that were read and not removed yet.</summary>
    public int InMemory
    {
        get
        {
            lock (_lock)
                return _taken.Count;
        }
    }

    /// <summary>Whether the row is in memory: being sent, or behind one that is, or being retried.</summary>
    public bool Has(long id)
    {
        lock (_lock)
            return _taken.Contains(id);
    }

    /// <summary>Where to read on, and a number that <see cref="Admit"/> wants for what was read there.</summary>
    public (long Position, int Epoch) BeginRead()
    {
        lock (_lock)
        {
            _gone.Clear();
            return (_position, _epoch);
        }
    }

    /// <summary>All rows up to <paramref name="end"/> were shown to <see cref="Admit"/>.</summary>
    public void EndRead(int epoch, long end)
    {
        lock (_lock)
        {
            if (epoch == _epoch)
                _position = end;
        }
    }

    public Admission Admit(OutboxRow row, int epoch)
    {
        lock (_lock)
        {
            if (epoch != _epoch)
                return Admission.Outdated;
            if (_taken.Contains(row.Id) || _gone.Contains(row.Id))
                return Admission.Queued;
            var lane = row.Lane;
            var topic = TopicOf(row.Topic);
            if (_blocked.Contains(lane) || topic.FirstSkipped < row.Id)
                return Admission.Skipped;
            if (_unremoved < MaxUnremoved && topic.HasRoom(row.Size))
                return Take(row, lane, topic);
            if (_unremoved >= MaxUnremoved || topic.IsMoving(time))
            {
                _waitsFor = topic;
                return Admission.Wait;
            }

            topic.FirstSkipped = row.Id;
            return Admission.Skipped;
        }
    }

    /// <summary>The record is in its topic. Answers the next row of the key, which may be sent now.</summary>
    public OutboxRow? Acknowledge(OutboxRow row)
    {
        lock (_lock)
        {
            var topic = TopicOf(row.Topic);
            var next = _blocked.Remove(row.Lane) ? Unblock(row, topic) : NextOf(row.Lane);
            topic.Acknowledge(row, time);
            _unremoved++;
            MakeUseOfRoom(topic);
            return next;
        }
    }

    /// <summary>The acknowledged rows are out of the table.</summary>
    public void Removed(IReadOnlyList<OutboxReceipt> receipts)
    {
        lock (_lock)
        {
            foreach (var receipt in receipts)
                Forget(receipt.MessageId);
            _unremoved -= receipts.Count;
            EndWait(_waitsFor);
        }
    }

    /// <summary>The row failed and is retried. Those of its key wait in the table.</summary>
    public void Retry(OutboxRow row)
    {
        lock (_lock)
        {
            if (!_blocked.Add(row.Lane))
                return;
            TopicOf(row.Topic).BeginRetry(row);
            PutBackQueue(row.Lane);
        }
    }

    /// <summary>The row can never be sent and is set aside in the table. Those of its key wait there until an operator has
    /// decided.</summary>
    public void SetAside(OutboxRow row)
    {
        lock (_lock)
        {
            var topic = TopicOf(row.Topic);
            if (_blocked.Remove(row.Lane))
                topic.EndRetry(row);
            topic.PutBack(row);
            PutBackQueue(row.Lane);
            Forget(row.Id);
            Block(row.Lane with { Id = row.Id });
            MakeUseOfRoom(topic);
        }
    }

    /// <summary>At the start: a row that was set aside earlier.</summary>
    public void Block(OutboxLane lane)
    {
        lock (_lock)
        {
            if (lane.Key is null || !_undeliverable.TryAdd(lane.Id, lane))
                return;
            TopicOf(lane.Topic).Undeliverable++;
            _blocked.Add(lane);
        }
    }

    /// <summary>An operator has retried or removed a row: if it was set aside, what waits for it is read again, and so is the row if it is
    /// there.</summary>
    public void Release(long id)
    {
        lock (_lock)
        {
            if (_undeliverable.Remove(id, out var lane))
            {
                var topic = TopicOf(lane.Topic);
                topic.Undeliverable--;
                _blocked.Remove(lane);
                MakeUseOfRoom(topic);
            }

            MoveBackTo(id);
        }
    }

    /// <summary>The row is not in the table any more, or is not to be sent now: nothing of its lane is kept in memory.</summary>
    public void Drop(OutboxRow row)
    {
        lock (_lock)
        {
            var topic = TopicOf(row.Topic);
            if (_blocked.Remove(row.Lane))
                Unblock(row, topic);
            topic.PutBack(row);
            PutBackQueue(row.Lane);
            Forget(row.Id);
            MakeUseOfRoom(topic);
        }
    }

    /// <summary>Completes when no row is in memory.</summary>
    public Task WhenEmptyAsync()
    {
        lock (_lock)
        {
            if (_taken.Count == 0)
                return Task.CompletedTask;
            _empty ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _empty.Task;
        }
    }

    private Admission Take(OutboxRow row, OutboxLane lane, OutboxTopic topic)
    {
        _taken.Add(row.Id);
        topic.Take(row, time);
        if (topic.FirstSkipped == row.Id)
            topic.FirstSkipped = null;          // what follows is read after it
        if (_lanes.TryAdd(lane, null))
            return Admission.Start;
        (_lanes[lane] ??= new Queue<OutboxRow>()).Enqueue(row);
        return Admission.Queued;
    }

    private OutboxRow? NextOf(OutboxLane lane)
    {
        if (_lanes[lane] is { Count: > 0 } queue)
            return queue.Dequeue();
        _lanes.Remove(lane);
        return null;
    }

    private OutboxRow? Unblock(OutboxRow row, OutboxTopic topic)
    {
        topic.EndRetry(row);
        _lanes.Remove(row.Lane);
        MoveBackTo(row.Id);
        return null;
    }

    private void PutBackQueue(OutboxLane lane)
    {
        if (!_lanes.Remove(lane, out var queue) || queue is null)
            return;
        foreach (var waiting in queue)
        {
            TopicOf(waiting.Topic).PutBack(waiting);
            Forget(waiting.Id);
        }
    }

    private void Forget(long id)
    {
        _taken.Remove(id);
        _gone.Add(id);
        if (_taken.Count == 0)
            _empty?.TrySetResult();
    }

    private void MakeUseOfRoom(OutboxTopic topic)
    {
        EndWait(topic);
        if (topic.FirstSkipped is not { } first || !topic.HasRoom(size: 0))
            return;
        topic.FirstSkipped = null;
        MoveBackTo(first);
    }

    private void EndWait(OutboxTopic? topic)
    {
        if (topic is null || topic != _waitsFor || !topic.HasSlack || _unremoved >= MaxUnremoved)
            return;
        _waitsFor = null;
        changed();
    }

    private void MoveBackTo(long id)
    {
        _position = Math.Min(_position, id - 1);
        _epoch++;
        changed();
    }

    private OutboxTopic TopicOf(string name)
    {
        if (!_topics.TryGetValue(name, out var topic))
            _topics.Add(name, topic = new OutboxTopic());
        return topic;
    }
}
