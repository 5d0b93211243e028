using Microsoft.Extensions.Time.Testing;

namespace Garam.Testing;

/// <summary>A FakeTimeProvider that says how many timers wait, so that a test can tell when it may move the time.</summary>
internal sealed class ManualClock() : FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero))
{
    private int _pendingTimers;

    /// <summary>Timers that will fire; a periodic one counts until it first fires.</summary>
    public int PendingTimers => Volatile.Read(ref _pendingTimers);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new CountedTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private ITimer CreateStoppedTimer(TimerCallback callback) =>
        base.CreateTimer(callback, state: null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    private sealed class CountedTimer : ITimer
    {
        private readonly ManualClock _clock;
        private readonly ITimer _timer;
        private int _isPending;

        public CountedTimer(ManualClock clock, TimerCallback callback, object? state)
        {
            _clock = clock;
            _timer = clock.CreateStoppedTimer(_ =>
            {
                Count(pending: false);
                callback(state);
            });
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Count(dueTime != Timeout.InfiniteTimeSpan);
            return _timer.Change(dueTime, period);
        }

        public void Dispose()
        {
            Count(pending: false);
            _timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Count(bool pending) =>
            Interlocked.Add(ref _clock._pendingTimers, (pending ? 1 : 0) - Interlocked.Exchange(ref _isPending, pending ? 1 : 0));
    }
}
