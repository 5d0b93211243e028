using Garam.Background;
using Microsoft.Extensions.Logging.Abstractions;

namespace Garam.Broker.Timers;

/// <summary>
/// All deadlines of a broker on one system timer: long polls, session timeouts, rebalances. A parked fetch costs an entry in
/// a heap, not a timer; one that is answered early is forgotten lazily, so that cancelling is O(1).
/// </summary>
/// <remarks>
/// Callbacks run on a pool thread, outside the lock, one burst after the other; they must not block. One that throws is a problem of the broker,
/// and the others run.
/// </remarks>
internal sealed class TimerQueue : IDisposable
{
    // Below this many cancelled entries it is cheaper to wait for them to come up than to rebuild the heap.
    private const int CompactFrom = 256;

    private readonly TimeProvider _time;
    private readonly BackgroundWork _background;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();
    private readonly PriorityQueue<Entry, long> _entries = new();
    private int _cancelled;
    private long _armedFor = long.MaxValue;
    private bool _disposed;

    /// <param name="time">The clock.</param>
    /// <param name="background">Where failures of callbacks are reported. Default: nowhere.</param>
    public TimerQueue(TimeProvider time, BackgroundWork? background = null)
    {
        _time = time;
        _background = background ?? new BackgroundWork(NullLogger.Instance, time);
        _timer = _background.CreateTimer("the timers", RunDue, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Calls <paramref name="callback"/> once, <paramref name="delay"/> from now, unless the entry is cancelled or the queue disposed before.</summary>
    public Entry Schedule(TimeSpan delay, Action<object?> callback, object? state)
    {
        var entry = new Entry(this, _time.GetTimestamp() + Ticks(delay), callback, state);
        lock (_lock)
        {
            if (_disposed) return entry;
            _entries.Enqueue(entry, entry.Due);
            if (entry.Due < _armedFor) Arm(entry.Due);
        }
        return entry;
    }

    /// <summary>Nothing is called after this; entries that are still waiting are dropped.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _entries.Clear();
        }
        _timer.Dispose();
    }

    private void RunDue()
    {
        while (TakeDue() is { } entry) Fire(entry);
    }

    private void Fire(Entry entry)
    {
        try
        {
            entry.Fire();
        }
        catch (Exception failure)
        {
            _background.Failed($"a timer of {entry.Owner}", failure, isStopped: true);
        }
    }

    private Entry? TakeDue()
    {
        lock (_lock)
        {
            while (_entries.TryPeek(out var entry, out var due))
            {
                if (!entry.IsCancelled && due > _time.GetTimestamp())
                {
                    Arm(due);
                    return null;
                }
                _entries.Dequeue();
                if (!entry.IsCancelled) return entry;
                _cancelled--;
            }
            _armedFor = long.MaxValue;
            return null;
        }
    }

    private void Arm(long due)
    {
        if (_disposed) return;
        _armedFor = due;
        // Rounded up: a timer that fires a tick too early would only be armed again.
        var wait = TimeSpan.FromMilliseconds(Math.Ceiling((double)Math.Max(0, due - _time.GetTimestamp()) * 1000 / _time.TimestampFrequency));
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private void Forget()
    {
        lock (_lock)
        {
            if (++_cancelled < CompactFrom || _cancelled * 2 < _entries.Count) return;
            var live = _entries.UnorderedItems.Where(item => !item.Element.IsCancelled).ToArray();
            _entries.Clear();
            _entries.EnqueueRange(live);
            _cancelled = 0;
        }
    }

    private long Ticks(TimeSpan delay) => (long)(delay.TotalSeconds * _time.TimestampFrequency);

    /// <summary>One deadline. It either fires or is cancelled, never both.</summary>
    internal sealed class Entry(TimerQueue queue, long due, Action<object?> callback, object? state)
    {
        /// <summary>The class that scheduled it, for messages.</summary>
        internal string Owner => (callback.Method.DeclaringType?.DeclaringType ?? callback.Method.DeclaringType)?.Name ?? "the broker";

        private const int Waiting = 0, Fired = 1, Cancelled = 2;
        private int _state;

        internal long Due { get; } = due;

        internal bool IsCancelled => Volatile.Read(ref _state) == Cancelled;

        /// <summary>False when the callback has been called, or is being called.</summary>
        public bool Cancel()
        {
            if (Interlocked.CompareExchange(ref _state, Cancelled, Waiting) != Waiting) return false;
            queue.Forget();
            return true;
        }

        internal void Fire()
        {
            if (Interlocked.CompareExchange(ref _state, Fired, Waiting) == Waiting) callback(state);
        }
    }
}
