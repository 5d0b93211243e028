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
    private readonly List<Worker> _idle = [];
    private int _threads;
    private long _begun;
    private long _begunAtLastLook;
    private bool _disposed;

    /// <summary>How many there are at the moment.</summary>
    public int Count => Volatile.Read(ref _threads);

    public void Schedule(Lane lane)
    {
        Worker? worker = null;
        lock (_gate)
        {
            if (_idle.Count > 0)
            {
                worker = _idle[^1];
                _idle.RemoveAt(_idle.Count - 1);
                worker.Lane = lane;
                _begun++;
            }
            else
            {
                _ready.Enqueue(lane);
            }
        }

        if (worker is not null)
        {
            worker.Wake();
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

    /// <summary>The threads end when their handlers have returned; lanes that are ready then are not begun.</summary>
    public void Dispose()
    {
        List<Worker> idle;
        lock (_gate)
        {
            _disposed = true;
            idle = [.. _idle];
            _idle.Clear();
        }

        idle.ForEach(worker => worker.Wake());
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
        var worker = new Worker();
        while (Next(worker) is { } lane)
        {
            // Never fails, and while it awaits this thread is free.
            _ = lane.Run();
        }
    }

    private Lane? Next(Worker worker)
    {
        while (true)
        {
            lock (_gate)
            {
                if (_disposed)
                {
                    return End();
                }

                if (_ready.TryDequeue(out var lane))
                {
                    _begun++;
                    return lane;
                }

                worker.Lane = null;
                _idle.Add(worker);
            }

            if (!worker.Wait(SurplusFor) && IsSurplus(worker))
            {
                return End();
            }

            if (worker.Lane is { } given)
            {
                return given;
            }
        }
    }

    private bool IsSurplus(Worker worker)
    {
        lock (_gate)
        {
            if (_idle.Remove(worker))
            {
                return _threads > KeptThreads;
            }
        }

        // It was given a lane, or the group has ended, at the last moment: it is being woken.
        worker.Wait(Timeout.InfiniteTimeSpan);
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

    private sealed class Worker
    {
        private readonly SemaphoreSlim _woken = new(0);

        public Lane? Lane { get; set; }

        public void Wake() => _woken.Release();

        public bool Wait(TimeSpan time) => _woken.Wait(time);
    }
}
