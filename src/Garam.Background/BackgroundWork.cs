using Microsoft.Extensions.Logging;

namespace Garam.Background;

/// <summary>
/// Runs work in the background: on threads, on the thread pool and on timers. Whatever throws is logged, appears in <see cref="Problems"/>, and
/// restarts or stops as its owner has specified, so that nothing ends unnoticed and no exception ends the process.
/// All background work of a component goes through one instance. Thread-safe.
/// </summary>
/// <param name="logger">Where failures are logged. A logger that throws is ignored.</param>
/// <param name="time">The clock of restarts and timers. Default: the system's.</param>
public sealed class BackgroundWork(ILogger logger, TimeProvider? time = null)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, BackgroundProblem> _problems = [];
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>The work that has failed and not recovered, by name.</summary>
    public IReadOnlyList<BackgroundProblem> Problems
    {
        get
        {
            lock (_lock)
                return [.. _problems.Values.OrderBy(problem => problem.Work, StringComparer.Ordinal)];
        }
    }

    /// <summary>Runs asynchronous work on the thread pool.</summary>
    /// <returns>Ends, without an exception, when the work has ended, was cancelled, or has failed and is not restarted.</returns>
    public Task Run(string name, Func<CancellationToken, Task> work, OnFailure onFailure, CancellationToken stopping = default) =>
        Task.Run(() => RunAsync(name, work, onFailure, stopping), CancellationToken.None);

    /// <summary>Runs blocking work on a thread of its own, which does not keep the process alive.</summary>
    public Thread RunThread(string name, Action work, OnFailure onFailure)
    {
        var thread = new Thread(() => RunBlocking(name, work, onFailure)) { IsBackground = true, Name = name };

        // Without the caller's context: a trace that the caller is part of has nothing to do with what the thread does later.
        thread.UnsafeStart();
        return thread;
    }

    /// <summary>Runs a short action once on the thread pool.</summary>
    public void Queue(string name, Action work) =>
        ThreadPool.UnsafeQueueUserWorkItem(item => item.Self.RunOnce(item.Name, item.Work), (Self: this, Name: name, Work: work), preferLocal: false);

    /// <summary>A timer whose callback may fail: the failure is a problem until a later call succeeds.</summary>
    /// <param name="name">Names the work in logs and health.</param>
    /// <param name="callback">Runs on the thread pool, and at the same time as an earlier call that takes longer than the period.</param>
    /// <param name="due">Until the first call; <see cref="Timeout.InfiniteTimeSpan"/>: not before <see cref="ITimer.Change"/>.</param>
    /// <param name="period">Between calls; <see cref="Timeout.InfiniteTimeSpan"/>: one call.</param>
    public ITimer CreateTimer(string name, Action callback, TimeSpan due, TimeSpan period) =>
        _time.CreateTimer(_ => RunOnce(name, callback), null, due, period);

    /// <summary>Watches over a task that nobody awaits. Its owner has already handled what it expects; anything else is a problem.</summary>
    public void Observe(string name, Task task)
    {
        if (!task.IsCompletedSuccessfully)
            task.ContinueWith(ended => Ended(name, ended), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Runs an action on this thread, with the same protection.</summary>
    /// <returns>Whether it succeeded.</returns>
    public bool RunOnce(string name, Action work)
    {
        try
        {
            work();
            Recovered(name);
            return true;
        }
        catch (Exception exception)
        {
            Failed(name, exception);
            return false;
        }
    }

    private async Task RunAsync(string name, Func<CancellationToken, Task> work, OnFailure onFailure, CancellationToken stopping)
    {
        for (var delay = onFailure.FirstDelay; !stopping.IsCancellationRequested; delay = Next(delay, onFailure))
        {
            try
            {
                await work(stopping).ConfigureAwait(false);
                Recovered(name);
                return;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                if (!WillRestart(name, exception, onFailure))
                    return;
            }

            await Task.Delay(delay, _time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void RunBlocking(string name, Action work, OnFailure onFailure)
    {
        for (var delay = onFailure.FirstDelay; ; delay = Next(delay, onFailure))
        {
            try
            {
                work();
                Recovered(name);
                return;
            }
            catch (Exception exception)
            {
                if (!WillRestart(name, exception, onFailure))
                    return;
            }

            Task.Delay(delay, _time).Wait();
        }
    }

    private bool WillRestart(string name, Exception exception, OnFailure onFailure)
    {
        Failed(name, exception, isStopped: onFailure is { Stopped: not null, IsRunAgain: false });
        if (onFailure.Stopped is { } stopped)
            RunOnce($"{name} (stopping)", () => stopped(exception));
        return onFailure.Stopped is null;
    }

    private static TimeSpan Next(TimeSpan delay, OnFailure onFailure) =>
        delay * 2 < onFailure.LongestDelay ? delay * 2 : onFailure.LongestDelay;

    private void Ended(string name, Task task)
    {
        if (task.Exception is { } failure)
            Failed(name, failure.InnerException ?? failure, isStopped: true);
    }

    /// <summary>For work whose owner catches its failures itself: <paramref name="name"/> has completed a run, and is a problem no more.</summary>
    public void Recovered(string name)
    {
        lock (_lock)
            _problems.Remove(name);
    }

    /// <summary>For work whose owner catches its failures itself: logs the failure, and keeps it in <see cref="Problems"/> until <see cref="Recovered"/>.</summary>
    /// <param name="name">Names the work in logs and health.</param>
    /// <param name="exception">Why it failed.</param>
    /// <param name="isStopped">Whether what was to be done is not done again.</param>
    public void Failed(string name, Exception exception, bool isStopped = false)
    {
        // Health first: the logger may be what fails.
        lock (_lock)
        {
            _problems[name] = _problems.TryGetValue(name, out var known)
                ? known with { Failure = exception, Failures = known.Failures + 1, IsStopped = isStopped }
                : new BackgroundProblem(name, exception, _time.GetUtcNow(), 1, isStopped);
        }

        try
        {
            if (isStopped)
                Log.Stopped(logger, ExceptionText.ForLog(exception), name);
            else
                Log.Failed(logger, ExceptionText.ForLog(exception), name);
        }
        catch (Exception)
        {
            // Nothing is lost: the failure is in Problems.
        }
    }
}
