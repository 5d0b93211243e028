using System.Buffers;
using Garam.Kafka;

namespace Garam.Broker.Log;

/// <summary>
/// Who waits for the high watermark of one partition. Guarded by the partition's lock; what is due is taken out under the lock and called after it
/// (<see cref="Due"/>).
/// </summary>
internal sealed class LogWaiters
{
    private CommitWaiter? _firstCommit, _lastCommit;
    private FetchWaiter? _firstFetch;
    private int _parkedFetches;

    public void Add(CommitWaiter waiter, long offset)
    {
        waiter.Offset = offset;
        waiter.Next = null;
        if (_lastCommit is null)
        {
            _firstCommit = waiter;
        }
        else
        {
            _lastCommit.Next = waiter;
        }
        _lastCommit = waiter;
    }

    public void Add(FetchWaiter waiter, PartitionLog log)
    {
        waiter.ParkedOn = log;
        waiter.Previous = null;
        waiter.Next = _firstFetch;
        if (_firstFetch is not null)
        {
            _firstFetch.Previous = waiter;
        }
        _firstFetch = waiter;
        _parkedFetches++;
    }

    public void Remove(FetchWaiter waiter)
    {
        if (waiter.Previous is null)
        {
            _firstFetch = waiter.Next;
        }
        else
        {
            waiter.Previous.Next = waiter.Next;
        }
        if (waiter.Next is not null)
        {
            waiter.Next.Previous = waiter.Previous;
        }
        waiter.Previous = waiter.Next = null;
        waiter.ParkedOn = null;
        _parkedFetches--;
    }

    /// <summary>Takes out everybody who waits for an offset up to <paramref name="highWatermark"/>, and every parked fetch.</summary>
    public Due TakeDue(long highWatermark)
    {
        var commits = _firstCommit;
        CommitWaiter? last = null;
        while (_firstCommit is not null && _firstCommit.Offset <= highWatermark)
        {
            last = _firstCommit;
            _firstCommit = _firstCommit.Next;
        }
        if (_firstCommit is null)
        {
            _lastCommit = null;
        }
        if (last is not null)
        {
            last.Next = null;
        }
        return new Due(last is null ? null : commits, TakeFetches(out var count), count, ErrorCode.None);
    }

    /// <summary>Takes out everybody, to be told <paramref name="error"/>.</summary>
    public Due TakeAll(ErrorCode error) => TakeDue(long.MaxValue) with { Error = error };

    /// <summary>Takes out those who wait for an acknowledgement, to be told <paramref name="error"/>; reads go on.</summary>
    public Due TakeCommits(ErrorCode error)
    {
        var commits = _firstCommit;
        _firstCommit = _lastCommit = null;
        return new Due(commits, null, 0, error);
    }

    /// <summary>
    /// A copy, because a waiter may park again, here or elsewhere, before its neighbours are called: its links are no longer ours then.
    /// </summary>
    private FetchWaiter[]? TakeFetches(out int count)
    {
        count = 0;
        if (_firstFetch is null)
        {
            return null;
        }
        var fetches = ArrayPool<FetchWaiter>.Shared.Rent(_parkedFetches);
        while (_firstFetch is not null)
        {
            fetches[count++] = _firstFetch;
            Remove(_firstFetch);
        }
        return fetches;
    }

    /// <summary>Waiters on their way to be called, once the lock is left.</summary>
    internal readonly record struct Due(CommitWaiter? Commits, FetchWaiter[]? Fetches, int FetchCount, ErrorCode Error)
    {
        public bool IsEmpty => Commits is null && Fetches is null;

        public void Call(PartitionLog log)
        {
            for (var waiter = Commits; waiter is not null;)
            {
                var next = waiter.Next; // a waiter may be reused as soon as it is complete
                waiter.Next = null;
                waiter.Complete(Error);
                waiter = next;
            }
            if (Fetches is null)
            {
                return;
            }
            for (var index = 0; index < FetchCount; index++)
            {
                Fetches[index].Wake(log);
            }
            ArrayPool<FetchWaiter>.Shared.Return(Fetches, clearArray: true);
        }
    }
}
