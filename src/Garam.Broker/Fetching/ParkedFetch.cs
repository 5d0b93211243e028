using Garam.Background;
using Garam.Broker.Apis;
using Garam.Broker.Log;
using Garam.Broker.Network;
using Garam.Broker.Timers;
using Garam.Broker.Topics;
using Garam.Kafka;

namespace Garam.Broker.Fetching;

/// <summary>
/// A long poll: a fetch that waits until its partitions have enough for it. It is parked on each of them; while nothing is appended it
/// costs memory only.
/// </summary>
internal sealed class ParkedFetch
{
    private readonly TaskCompletionSource _done = new();
    private readonly FetchLimits _limits;
    private readonly BackgroundWork _background;
    private readonly List<Waiter> _waiters = [];
    private long _available;
    private int _isDone;
    private TimerQueue.Entry? _timer;
    private CancellationTokenRegistration _closed;

    private ParkedFetch(FetchLimits limits, BackgroundWork background) => (_limits, _background) = (limits, background);

    private bool IsDone => Volatile.Read(ref _isDone) != 0;

    /// <summary>Completes when there is enough to read, something is wrong with a partition, the time is over, or nobody waits any more.</summary>
    public static Task WaitAsync(FetchPlan plan, FetchLimits limits, BrokerServices broker, CancellationToken closed)
    {
        if (plan.Error != ErrorCode.None || limits.MinBytes <= 0 || limits.MaxWait <= TimeSpan.Zero) return Task.CompletedTask;
        var fetch = new ParkedFetch(limits, broker.Logs.Problems.Background);
        return fetch.HasEnough(plan, broker.Topics) ? Task.CompletedTask : fetch.ParkAsync(broker.Timers, closed);
    }

    /// <summary>Counts what is there, and remembers where to wait for more.</summary>
    private bool HasEnough(FetchPlan plan, TopicStore topics)
    {
        foreach (var partition in plan.Partitions)
        {
            var (log, error) = FetchTargets.Find(topics, partition);
            if (log is null || error != ErrorCode.None) return true;
            var waiter = new Waiter(this, log, partition.Offset, partition.MaxBytes);
            if (waiter.IsOutOfRange) return true;
            _waiters.Add(waiter);
            if (waiter.Count()) return true;
        }
        return false;
    }

    private Task ParkAsync(TimerQueue timers, CancellationToken closed)
    {
        _timer = timers.Schedule(_limits.MaxWait, static fetch => ((ParkedFetch)fetch!).TimeIsOver(), this);
        _closed = closed.UnsafeRegister(static fetch => ((ParkedFetch)fetch!).Complete(), this);
        foreach (var waiter in _waiters) waiter.Park();
        // Whoever completed it while it was being parked saw only a part of what is to be undone.
        if (IsDone) Release();
        return _done.Task;
    }

    /// <summary>Called by whoever appended, under nobody's lock but on a stack that has its own answer to give first.</summary>
    private void Complete()
    {
        if (Finish()) AfterAnswers.Run(_done.SetResult, _background);
    }

    /// <summary>Called by the timer, on a thread that has nothing else to do.</summary>
    private void TimeIsOver()
    {
        if (Finish()) _done.SetResult();
    }

    private bool Finish()
    {
        if (Interlocked.Exchange(ref _isDone, 1) != 0) return false;
        Release();
        return true;
    }

    private void Release()
    {
        _timer?.Cancel();
        _closed.Unregister();
        foreach (var waiter in _waiters) waiter.Leave();
    }

    /// <summary>The place of the fetch on one partition.</summary>
    private sealed class Waiter(ParkedFetch fetch, PartitionLog log, long offset, int maxBytes) : FetchWaiter
    {
        private long _seenEnd;
        private long _counted;

        public bool IsOutOfRange => offset < log.LogStartOffset || offset > log.LogEndOffset;

        /// <summary>Brings the sum of the fetch up to date; true when it is enough.</summary>
        public bool Count()
        {
            _seenEnd = End();
            var available = Math.Min(log.AvailableBytes(offset, fetch._limits.Isolation), maxBytes);
            var more = available - _counted;
            _counted = available;
            return Interlocked.Add(ref fetch._available, more) >= fetch._limits.MinBytes;
        }

        public void Park()
        {
            while (!fetch.IsDone && !log.AddFetchWaiter(this, fetch._limits.Isolation, _seenEnd))
            {
                if (!Count() && !log.IsClosed) continue;
                fetch.Complete();
                return;
            }
            // Completed in between: its round of leaving may have come before this one was here.
            if (fetch.IsDone) Leave();
        }

        public void Leave() => log.RemoveFetchWaiter(this);

        protected internal override void Wake(PartitionLog _)
        {
            if (fetch.IsDone) return;
            if (Count() || log.IsClosed) fetch.Complete();
            else Park();
        }

        private long End() => fetch._limits.Isolation == IsolationLevel.ReadCommitted ? log.LastStableOffset : log.HighWatermark;
    }
}
