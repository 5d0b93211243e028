using Confluent.Kafka;
using Garam.Messaging.Endpoints;

namespace Garam.Messaging.Consuming;

/// <summary>
/// One partition for the time that this process owns it: an assignment epoch. What belongs to the epoch (tracker, lanes, holds)
/// ends with it, and every record in flight refers to it, so that a late completion reaches a dead tracker and nothing else.
/// <code>
///   Open ──► Draining ──► Closed       Draining: nothing new begins, running handlers go on
///                                      Closed:   running handlers are cancelled, their outcome no longer counts
/// </code>
/// The poll thread opens, drains and closes; workers begin and end records.
/// </summary>
internal sealed class PartitionAssignment : IDisposable
{
    private const long NoneYet = -1;

    private readonly CancellationTokenSource _cancellation = new();
    private readonly ManualResetEventSlim _idle = new(initialState: false);
    private readonly Lane[] _lanes;
    private readonly RecordOrder _order;
    private volatile HeldRecord? _held;
    private int _nextLane;
    private long _committed = NoneYet;
    private int _running;
    private int _draining;

    public PartitionAssignment(TopicPartition partition, RecordProcessor processor, TimeProvider time)
    {
        Partition = partition;
        _order = processor.Endpoint.Order;
        _lanes = [.. Enumerable.Range(0, processor.Endpoint.Lanes).Select(_ => new Lane(this, processor, time))];
    }

    public TopicPartition Partition { get; }

    public OffsetTracker Tracker { get; } = new();

    /// <summary>Offset that the broker has confirmed as committed in this epoch; null: none yet.</summary>
    public long? Committed
    {
        get => Volatile.Read(ref _committed) is >= 0 and var offset ? offset : null;
        set => Volatile.Write(ref _committed, value ?? NoneYet);
    }

    /// <summary>Records between the last one that is done and the partition's end, as of the last look.</summary>
    public long Lag { get; set; }

    /// <summary>Why its reading is paused at the client.</summary>
    public PauseReasons Paused { get; set; }

    /// <summary>The end of the epoch, as running handlers see it.</summary>
    public CancellationToken Cancellation => _cancellation.Token;

    /// <summary>Why the partition stands still; null while it does not.</summary>
    public string? HeldBecause => _held?.Reason;

    /// <summary>What dependencies its lanes wait for.</summary>
    public IEnumerable<string> Troubles => _lanes.Select(lane => lane.Trouble).OfType<string>();

    /// <summary>The records whose handlers run, and since when.</summary>
    public IEnumerable<(InFlightRecord Record, long Since)> InProgress => _lanes.Select(lane => lane.InProgress).OfType<(InFlightRecord, long)>();

    /// <summary>Whether records of any lane may begin.</summary>
    public bool CanBegin => Volatile.Read(ref _draining) == 0 && _held is null;

    public void Dispatch(InFlightRecord record)
    {
        Tracker.Add(record);
        _lanes[LaneOf(record.Context.Key)].Enqueue(record);
    }

    /// <summary>
    /// Asked by a lane before it touches a record. True obliges it to call <see cref="End"/>. Counts first and looks then, so that
    /// a drain that sees nobody running can rely on it.
    /// </summary>
    public bool TryBegin(InFlightRecord record)
    {
        Interlocked.Increment(ref _running);
        if (Volatile.Read(ref _draining) == 0 && (_held is not { } held || held.Record == record))
        {
            return true;
        }

        End();
        return false;
    }

    public void End()
    {
        if (Interlocked.Decrement(ref _running) == 0 && Volatile.Read(ref _draining) != 0)
        {
            _idle.Set();
        }
    }

    /// <summary>Stops the partition at <paramref name="record"/>: of the others, none begins until it is released or the epoch ends.</summary>
    public void Hold(InFlightRecord record, string reason) => _held = new HeldRecord(record, reason);

    public void Release(InFlightRecord record)
    {
        if (_held?.Record == record)
        {
            _held = null;
            Array.ForEach(_lanes, lane => lane.Wake());
        }
    }

    /// <summary>From now on nothing begins; what has not begun is forgotten, and read again by the next owner. Any thread.</summary>
    public void BeginDrain()
    {
        Interlocked.Exchange(ref _draining, 1);
        if (Volatile.Read(ref _running) == 0)
        {
            _idle.Set();
        }
    }

    public bool IsDraining => Volatile.Read(ref _draining) != 0;

    /// <summary>Draining, and no handler runs.</summary>
    public bool IsIdle => _idle.IsSet;

    /// <summary>Blocks until no handler runs; false when the time was not enough.</summary>
    public bool WaitIdle(TimeSpan budget) => _idle.Wait(budget > TimeSpan.Zero ? budget : TimeSpan.Zero);

    /// <summary>Asks running handlers to give up. Their records are not done.</summary>
    public void Cancel() => _cancellation.Cancel();

    public void Dispose()
    {
        BeginDrain();
        Cancel();
        Array.ForEach(_lanes, lane => lane.Dispose());
    }

    // Kafka chose the partition by a hash of the key: the same hash would send all keys of a partition to few lanes.
    // HashCode is another one.
    private int LaneOf(ReadOnlyMemory<byte>? key)
    {
        if (_lanes.Length == 1)
        {
            return 0;
        }

        if (key is null || _order == RecordOrder.None)
        {
            return _nextLane = (_nextLane + 1) % _lanes.Length;
        }

        var hash = default(HashCode);
        hash.AddBytes(key.Value.Span);
        return (int)((uint)hash.ToHashCode() % (uint)_lanes.Length);
    }

    private sealed record HeldRecord(InFlightRecord Record, string Reason);
}
