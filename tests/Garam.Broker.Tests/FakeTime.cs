namespace Garam.Broker.Tests;

/// <summary>A clock that stands still until a test moves it; timers fire inside <see cref="Advance"/>, on the test's own thread.</summary>
internal sealed class FakeTime : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<FakeTimer> _timers = [];
    private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private long _monotonic = TimeSpan.TicksPerDay;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => Volatile.Read(ref _monotonic);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        lock (_lock)
        {
            _timers.Add(timer);
        }

        return timer;
    }

    /// <summary>Sets the wall clock alone, as an administrator would.</summary>
    public void SetWallClockBack(TimeSpan by) => _now -= by;

    public void Advance(TimeSpan by)
    {
        var end = _monotonic + by.Ticks;
        while (NextDue(end) is { } timer)
        {
            MoveTo(Math.Max(timer.Due, _monotonic));
            timer.Fire();
        }

        MoveTo(end);
    }

    /// <summary>Lets time pass without its timers, as a machine does that is too busy for them.</summary>
    public void PassUnnoticed(TimeSpan time) => MoveTo(_monotonic + time.Ticks);

    private void MoveTo(long monotonic)
    {
        _now += TimeSpan.FromTicks(monotonic - _monotonic);
        Volatile.Write(ref _monotonic, monotonic);
    }

    private FakeTimer? NextDue(long end)
    {
        lock (_lock)
        {
            return _timers.Where(timer => timer.Due <= end).MinBy(timer => timer.Due);
        }
    }

    private sealed class FakeTimer(FakeTime time, Action callback) : ITimer
    {
        private TimeSpan _period = Timeout.InfiniteTimeSpan;

        public long Due { get; private set; } = long.MaxValue;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _period = period;
            Due = dueTime == Timeout.InfiniteTimeSpan ? long.MaxValue : time.GetTimestamp() + dueTime.Ticks;
            return true;
        }

        public void Fire()
        {
            Due = _period == Timeout.InfiniteTimeSpan ? long.MaxValue : Due + _period.Ticks;
            callback();
        }

        public void Dispose() => Due = long.MaxValue;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
