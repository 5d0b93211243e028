using System.Diagnostics.CodeAnalysis;

namespace Garam.Messaging.Interleavings;

/// <summary>
/// Runs threads one at a time, and at every point where one of them touches what others see, lets a seed decide which of them goes on. Time passes only when
/// all of them wait. The same seed gives the same run.
/// </summary>
/// <remarks>They are real threads that pass a baton: a program needs no other change than to call <see cref="Point"/>, which its synchronisation primitives do for it.</remarks>
internal sealed class Interleaver(int seed)
{
    private const int MostPoints = 400_000;

    [ThreadStatic]
    private static SimulatedThread? _current;

    private readonly List<SimulatedThread> _threads = [];
    private readonly List<SimulatedTimer> _timers = [];
    private readonly SemaphoreSlim _ended = new(0);
    private int _points;
    private bool _over;

    public Random Random { get; } = new(seed);

    public TimeSpan Now { get; private set; }

    /// <summary>What went wrong; null while nothing has.</summary>
    public Exception? Failure { get; private set; }

    public static Interleaver? Current => _current?.Owner;

    /// <summary>Another thread may go on from here.</summary>
    public static void Point()
    {
        if (_current is { } thread)
        {
            thread.Owner.PassBaton(thread);
        }
    }

    /// <summary>Waits until <paramref name="condition"/> holds, or, in simulated time, for <paramref name="patience"/>.</summary>
    /// <returns>Whether it holds.</returns>
    public static bool Wait(Func<bool> condition, TimeSpan patience)
    {
        var thread = _current ?? throw new InvalidOperationException("Only simulated threads may wait.");
        (thread.Condition, thread.Deadline) = (condition, patience == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : thread.Owner.Now + patience);
        thread.Owner.PassBaton(thread);
        (thread.Condition, thread.Deadline) = (null, TimeSpan.MaxValue);
        return condition();
    }

    /// <summary>Runs <paramref name="main"/> and every thread that it starts, until it returns or one of them fails.</summary>
    public void Run(Action main)
    {
        Start(() =>
        {
            main();
            End(null);
        });
        Start(FireTimers);
        _threads[0].Baton.Release();
        _ended.Wait();
    }

    public void Start(Action work)
    {
        var thread = new SimulatedThread(this);
        _threads.Add(thread);
        new Thread(() =>
        {
            thread.Baton.Wait();
            _current = thread;
            try
            {
                ThrowIfOver();
                work();
                thread.Condition = static () => false;
                ThrowIfOver();
                Next().Baton.Release();
            }
            catch (SimulationOver)
            {
                // The run has ended, and with it what was still going on.
            }
            catch (Exception exception)
            {
                End(exception);
            }
        })
        { IsBackground = true }.Start();
    }

    public SimulatedTimer CreateTimer(Action callback)
    {
        var timer = new SimulatedTimer(this, callback);
        _timers.Add(timer);
        return timer;
    }

    /// <summary>Ends the run: something is wrong that the code under test would take for a failure of a record.</summary>
    public void Fail(string what)
    {
        End(new InvalidOperationException(what));
        ThrowIfOver();
    }

    private void FireTimers()
    {
        while (true)
        {
            Wait(() => _timers.Exists(timer => timer.Due <= Now), Timeout.InfiniteTimeSpan);
            var due = _timers.First(timer => timer.Due <= Now);
            due.Due = TimeSpan.MaxValue;
            due.Callback();
        }
    }

    private void PassBaton(SimulatedThread thread)
    {
        ThrowIfOver();
        if (++_points > MostPoints)
        {
            End(new TimeoutException($"Still not done after {MostPoints} points, at {Now}: threads wait for each other, or go round without getting on."));
            ThrowIfOver();
        }

        var next = Next();
        if (next != thread)
        {
            next.Baton.Release();
            thread.Baton.Wait();
            ThrowIfOver();
        }
    }

    private SimulatedThread Next()
    {
        while (true)
        {
            var ready = _threads.FindAll(thread => thread.Condition is null || thread.Deadline <= Now || thread.Condition());
            if (ready.Count > 0)
            {
                return ready[Random.Next(ready.Count)];
            }

            var next = _threads.Select(thread => thread.Deadline).Concat(_timers.Select(timer => timer.Due)).Min();
            if (next == TimeSpan.MaxValue)
            {
                End(new TimeoutException($"Every thread waits for another one, at {Now}."));
                ThrowIfOver();
            }

            Now = next;
        }
    }

    private void End(Exception? failure)
    {
        if (!_over)
        {
            (Failure, _over) = (failure, true);
            _threads.ForEach(thread => thread.Baton.Release());
            _ended.Release();
        }
    }

    private void ThrowIfOver()
    {
        if (_over)
        {
            throw new SimulationOver();
        }
    }

    private sealed class SimulatedThread(Interleaver owner)
    {
        public Interleaver Owner { get; } = owner;

        public SemaphoreSlim Baton { get; } = new(0);

        /// <summary>Null while it can go on.</summary>
        public Func<bool>? Condition { get; set; }

        public TimeSpan Deadline { get; set; } = TimeSpan.MaxValue;
    }

    [SuppressMessage("Design", "CA1064", Justification = "Ends the threads of a run and is caught nowhere else.")]
    private sealed class SimulationOver : Exception;
}

/// <summary>A timer in simulated time.</summary>
internal sealed class SimulatedTimer(Interleaver owner, Action callback) : ITimer
{
    public TimeSpan Due { get; set; } = TimeSpan.MaxValue;

    public Action Callback { get; } = callback;

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        Due = dueTime == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : owner.Now + dueTime;
        return true;
    }

    public void Dispose() => Due = TimeSpan.MaxValue;

    public ValueTask DisposeAsync()
    {
        Dispose();
        return default;
    }
}

/// <summary>
/// Simulated time. FakeTimeProvider fires timers on the thread that moves it; here they fire on a thread whose turn the seed decides,
/// and time moves by itself when all threads wait.
/// </summary>
internal sealed class SimulatedTime(Interleaver owner) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => owner.Now.Ticks;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + owner.Now;
}
