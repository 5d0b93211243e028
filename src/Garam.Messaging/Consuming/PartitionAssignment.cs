using Confluent.Kafka;
using Garam.Background;
using Garam.Messaging.Endpoints;
using Garam.Messaging.Telemetry;
using Microsoft.Extensions.Logging;

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
    private readonly BackgroundWork _work;
    private readonly ILogger _logger;
    private readonly Lock _holding = new();
    private volatile HeldRecord[] _held = [];
    private int _nextLane;
    private long _committed = NoneYet;
    private long _dispatched;
    private long _dispatchedBytes;
    private int _running;
    private int _draining;

    public PartitionAssignment(TopicPartition partition, RecordProcessor processor, ILaneScheduler scheduler, BackgroundWork work, ILogger logger)
    {
        Partition = partition;
        (_order, _work, _logger) = (processor.Endpoint.Order, work, logger);
        _lanes = [.. Enumerable.Range(0, processor.Endpoint.Lanes).Select(_ => new Lane(this, processor, scheduler, work))];
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
    public string? HeldBecause => _held is [var first, ..] ? first.Reason : null;

    /// <summary>What dependencies its lanes wait for.</summary>
    public IEnumerable<string> Troubles => _lanes.Select(lane => lane.Trouble).OfType<string>();

    /// <summary>The records whose handlers run, and since when.</summary>
    public IEnumerable<(InFlightRecord Record, long Since)> InProgress => _lanes.Select(lane => lane.InProgress).OfType<(InFlightRecord, long)>();

    /// <summary>Whether records of any lane may begin.</summary>
    public bool CanBegin => Volatile.Read(ref _draining) == 0 && _held.Length == 0;

    /// <summary>
    /// Records that are queued or being handled, and their bytes; not those that are done and wait in the tracker for an older one. Adds up its lanes. Any thread.
    /// </summary>
    public (int Records, long Bytes) Unfinished
    {
        get
        {
            var (records, bytes) = (0L, 0L);
            foreach (var lane in _lanes)
            {
                var done = lane.Done;
                (records, bytes) = (records + done.Records, bytes + done.Bytes);
            }

            return ((int)(Volatile.Read(ref _dispatched) - records), Volatile.Read(ref _dispatchedBytes) - bytes);
        }
    }

    /// <summary><see cref="Unfinished"/> as of the last <see cref="Recount"/>, and what was dispatched since: never too small. Poll thread only.</summary>
    public int PendingRecords { get; private set; }

    public long PendingBytes { get; private set; }

    /// <summary>It has enough in memory. Poll thread only.</summary>
    public bool IsFull { get; set; }

    public void Dispatch(InFlightRecord record)
    {
        Tracker.Add(record);
        Volatile.Write(ref _dispatched, _dispatched + 1);
        Volatile.Write(ref _dispatchedBytes, _dispatchedBytes + record.Size);
        PendingRecords++;
        PendingBytes += record.Size;
        _lanes[LaneOf(record.Context.Key)].Enqueue(record);
    }

    public void Recount() => (PendingRecords, PendingBytes) = Unfinished;

    /// <summary>
    /// Asked by a lane before it touches a record. True obliges it to call <see cref="End"/>. Counts first and looks then, so that
    /// a drain that sees nobody running can rely on it.
    /// </summary>
    public bool TryBegin(InFlightRecord record)
    {
        Interlocked.Increment(ref _running);
        if (Volatile.Read(ref _draining) == 0 && (_held is not { Length: > 0 } held || Holds(held, record)))
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
    public void Hold(InFlightRecord record, string reason)
    {
        // Several may hold it at the same time: they ran when the first of them stopped it.
        lock (_holding)
        {
            _held = [.. _held.Where(held => held.Record != record), new HeldRecord(record, reason)];
        }
    }

    public void Release(InFlightRecord record)
    {
        lock (_holding)
        {
            if (!Holds(_held, record))
            {
                return;
            }

            _held = Array.FindAll(_held, held => held.Record != record);
        }

        Array.ForEach(_lanes, lane => lane.Wake());
    }

    /// <summary>A lane has failed by a fault that no record answers for: nothing more begins, and health says so.</summary>
    public void Fail(Exception fault)
    {
        lock (_holding)
        {
            var place = $"{Partition.Topic}[{Partition.Partition.Value}]";
            _held = [new HeldRecord(null, $"{place}: a lane failed: {ExceptionText.Message(fault)} Restart the process."), .. _held];
        }

        _work.Failed($"Lanes of {Partition.Topic}[{Partition.Partition.Value}]", fault);
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

    /// <summary>
    /// Asks running handlers to give up. Their records are not done. What handlers have registered on the token runs on the thread pool: it is their code, and
    /// the caller is the poll thread.
    /// </summary>
    public void Cancel() => _work.Observe($"Cancellation of {Partition.Topic}[{Partition.Partition.Value}]", CancelAsync());

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

    // Not a lambda: it would be allocated for every record.
    private static bool Holds(HeldRecord[] held, InFlightRecord record)
    {
        foreach (var one in held)
        {
            if (one.Record == record)
            {
                return true;
            }
        }

        return false;
    }

    private async Task CancelAsync()
    {
        try
        {
            await _cancellation.CancelAsync().ConfigureAwait(false);
        }
        catch (AggregateException exception)
        {
            Log.CancellationCallbackFailed(_logger, exception, Partition.Topic, Partition.Partition.Value);
        }
    }

    private sealed record HeldRecord(InFlightRecord? Record, string Reason);
}
