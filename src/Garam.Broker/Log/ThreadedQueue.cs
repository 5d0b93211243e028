using System.Collections.Concurrent;
using Garam.Background;

namespace Garam.Broker.Log;

/// <summary>Work that waits in a queue for a few threads. A thread is started when there is work and none is idle, up to a number.</summary>
internal sealed class ThreadedQueue<T> : IDisposable
{
    private readonly BlockingCollection<T> _queue = [];
    private readonly List<Thread> _threads = [];
    private readonly string _name;
    private readonly Action<T> _work;
    private readonly BackgroundWork _background;
    private readonly int _maxThreads;
    private int _idle;

    /// <param name="name">Of the work; its threads are called the same, with a number.</param>
    /// <param name="work">What is done with an item. When it throws, that is a problem of the broker, and the next item is taken.</param>
    /// <param name="maxThreads">0: nothing is done except by <see cref="RunQueued"/>, for tests that choose the moment.</param>
    /// <param name="background">Runs the threads.</param>
    public ThreadedQueue(string name, Action<T> work, int maxThreads, BackgroundWork background)
    {
        (_name, _work, _maxThreads, _background) = (name, work, maxThreads, background);
        if (maxThreads > 0) StartThread(); // one is there from the start: a later one may be refused by the system
    }

    /// <summary>Nothing happens any more after <see cref="Dispose"/>.</summary>
    public void Enqueue(T item)
    {
        try
        {
            _queue.Add(item);
        }
        catch (InvalidOperationException)
        {
            return;
        }
        if (_queue.Count > Volatile.Read(ref _idle)) TryStartThread();
    }

    /// <summary>Does, on the caller's thread, what is queued; false when nothing was.</summary>
    public bool RunQueued()
    {
        var any = false;
        for (; _queue.TryTake(out var item); any = true) Run(item);
        return any;
    }

    /// <summary>Does what is queued, and stops.</summary>
    public void Dispose()
    {
        _queue.CompleteAdding();
        Thread[] threads;
        lock (_threads) threads = [.. _threads];
        foreach (var thread in threads) thread.Join();
    }

    private void TryStartThread()
    {
        if (_threads.Count >= _maxThreads) return;
        try
        {
            StartThread();
        }
        catch (Exception failure) when (failure is OutOfMemoryException or ThreadStartException)
        {
            // The system allows no more threads now: those that are there do the work.
        }
    }

    private void StartThread()
    {
        lock (_threads)
        {
            if (_threads.Count >= _maxThreads || _queue.IsAddingCompleted) return;
            _threads.Add(_background.RunThread($"{_name}-{_threads.Count}", RunAll, OnFailure.Restart()));
        }
    }

    private void RunAll()
    {
        while (TryTake(out var item)) Run(item!);
    }

    private bool TryTake(out T? item)
    {
        Interlocked.Increment(ref _idle);
        try
        {
            return _queue.TryTake(out item, Timeout.Infinite);
        }
        finally
        {
            Interlocked.Decrement(ref _idle);
        }
    }

    private void Run(T item)
    {
        try
        {
            _work(item);
        }
        catch (Exception failure)
        {
            _background.Failed(_name, failure, isStopped: true);
        }
    }
}
