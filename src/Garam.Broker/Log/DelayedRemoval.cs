namespace Garam.Broker.Log;

/// <summary>
/// Removes files some time after they went out of sight, so that those who were reading finish. A removal that fails is tried again; what is left when
/// the process ends is removed at the next start.
/// </summary>
internal sealed class DelayedRemoval(LogServices services) : IDisposable
{
    private const long RetryMs = 60_000;
    private readonly Lock _gate = new();
    private readonly HashSet<ITimer> _pending = [];
    private bool _stopped;

    public void Schedule(long delayMs, Action remove, string what)
    {
        lock (_gate)
        {
            if (_stopped)
            {
                return;
            }
            ITimer? timer = null;
            timer = services.Problems.Background.CreateTimer($"removing {what}", () => Run(timer!, remove, what), Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _pending.Add(timer);
            timer.Change(TimeSpan.FromMilliseconds(Math.Min(delayMs, int.MaxValue)), Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _stopped = true;
            foreach (var timer in _pending)
            {
                timer.Dispose();
            }
            _pending.Clear();
        }
    }

    private void Run(ITimer timer, Action remove, string what)
    {
        lock (_gate)
        {
            if (!_pending.Remove(timer))
            {
                return;
            }
        }
        timer.Dispose();
        try
        {
            remove();
        }
        catch (DirectoryNotFoundException)
        {
            // the partition was deleted meanwhile, with all its files
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            services.Logger.BackgroundWorkFailed(failure, what, "removing it");
            Schedule(RetryMs, remove, what);
        }
    }
}
