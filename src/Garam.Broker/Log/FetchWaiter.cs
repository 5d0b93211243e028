namespace Garam.Broker.Log;

/// <summary>
/// A long poll parked on one partition; a fetch of many partitions parks one of these on each. The object is its own list node: parking
/// allocates nothing and leaving is O(1). It is parked on one partition at a time.
/// </summary>
internal abstract class FetchWaiter
{
    internal FetchWaiter? Previous, Next;

    /// <summary>The log that this waiter is parked on; guarded by that log's lock.</summary>
    internal PartitionLog? ParkedOn;

    /// <summary>
    /// Called once per parking, outside of every lock, on the thread that moved the high watermark: there is more to read, or the partition was
    /// closed or deleted (<see cref="PartitionLog.IsClosed"/>). The waiter is no longer parked and may park again at once.
    /// A call may still arrive just after <see cref="PartitionLog.RemoveFetchWaiter"/>: it must be harmless then. It must not block.
    /// </summary>
    protected internal abstract void Wake(PartitionLog log);
}
