using Garam.Background;

namespace Garam.Messaging.Consuming;

/// <summary>
/// The threads on which the lanes of one group begin their work. They are the group's own: handlers that block their threads hold up no other
/// group, no commit, and nothing else that lives on the thread pool. What a handler does after an await continues on the pool, as everywhere.
/// <code>
///   handlers that do not block   as many threads as processors serve all lanes
///   handlers that block          while lanes wait and none was begun for a whole look of the poll thread, each look adds a thread
/// </code>
/// The thread that was idle last is woken first, so that those there are too many of stay idle, and end after a while.
/// </summary>
internal sealed class LaneThreads(string group, BackgroundWork work) : ILaneScheduler, IDisposable
{
    /// <summary>More handlers than these cannot block at the same time; those that await are not bounded by it.</summary>
    public const int MostThreads = 256;

    private static readonly int KeptThreads = Environment.ProcessorCount;
    private static readonly TimeSpan SurplusFor = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Queue<Lane> _ready = new();
    private readonly List<SemaphoreSlim> _idle = [];
    private int _threads;
    private long _begun;
    private long _begunAtLastLook;
    private bool _waking;
    private bool _disposed;

    /// <summary>How many there are at the moment.</summary>
    public int Count => Volatile.Read(ref _threads);

    public void Schedule(Lane lane)
    {
        SemaphoreSlim? idle;
        lock (_gate)
        {
            _ready.Enqueue(lane);
            idle = TakeIdle();
        }

        if (idle is not null)
        {
            idle.Release();
        }
        else if (Count < KeptThreads)
        {
            Start();
        }
    }

    /// <summary>Called by the poll thread at each look: a thread more where all of them are blocked.</summary>
    public void GrowIfStuck()
    {
        bool stuck;
        lock (_gate)
        {
            stuck = _ready.Count > 0 && _begun == _begunAtLastLook && _threads < MostThreads;
            _begunAtLastLook = _begun;
        }

        if (stuck)
        {
            Start();
        }
    }

    /// <summary>The threads end when their handlers have returned.</summary>
    public void Dispose()
    {
        List<SemaphoreSlim> idle;
        lock (_gate)
        {
            _disposed = true;
            idle = [.. _idle];
            _idle.Clear();
        }

        idle.ForEach(thread => thread.Release());
    }

    private void Start()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _threads++;
        }

        // Where the system has no thread left, those that exist go on, and the next look tries again.
        if (!work.RunOnce($"Starting a thread for group {group}", () => work.RunThread($"lanes {group}", Work, OnFailure.Restart())))
        {
            End();
        }
    }

    private void Work()
    {
        var woken = new SemaphoreSlim(0);
        while (Next(woken) is { } lane)
        {
            // Never fails, and while it awaits this thread is free.
            _ = lane.Run();
        }
    }

    private Lane? Next(SemaphoreSlim woken)
    {
        while (true)
        {
            if (TakeReady(woken, out var isOver) is { } lane)
            {
                return lane;
            }

            if (isOver || (!woken.Wait(SurplusFor) && IsSurplus(woken)))
            {
                return End();
            }

            _waking = false;
        }
    }

    private Lane? TakeReady(SemaphoreSlim woken, out bool isOver)
    {
        Lane? lane;
        SemaphoreSlim? another = null;
        lock (_gate)
        {
            isOver = _disposed;
            if (_ready.TryDequeue(out lane))
            {
                _begun++;
                another = TakeIdle();
            }
            else if (!isOver)
            {
                _idle.Add(woken);
            }
        }

        another?.Release();
        return lane;
    }

    // One thread at a time is being woken, and wakes the next where there is more to do than it does itself: what is scheduled meanwhile, it finds.
    private SemaphoreSlim? TakeIdle()
    {
        if (_waking || _ready.Count == 0 || _idle.Count == 0)
        {
            return null;
        }

        var idle = _idle[^1];
        _idle.RemoveAt(_idle.Count - 1);
        _waking = true;
        return idle;
    }

    private bool IsSurplus(SemaphoreSlim woken)
    {
        lock (_gate)
        {
            if (_idle.Remove(woken))
            {
                return _threads > KeptThreads;
            }
        }

        // It is being woken at the last moment.
        woken.Wait();
        return false;
    }

    private Lane? End()
    {
        lock (_gate)
        {
            _threads--;
        }

        return null;
    }
}
