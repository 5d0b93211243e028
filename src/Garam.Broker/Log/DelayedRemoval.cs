namespace Garam.Broker.Log;

/// <summary>Removes files some time after they went out of sight, so that those who were reading finish. What is left when the process ends goes at the next start.</summary>
internal sealed class DelayedRemoval(LogServices services) : IDisposable
{
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
            timer = services.Clock.CreateTimer(_ => Run(timer!, remove, what), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
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
        }
    }
}
