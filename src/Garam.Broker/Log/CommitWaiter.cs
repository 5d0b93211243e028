using Garam.Kafka;

namespace Garam.Broker.Log;

/// <summary>
/// Somebody who answers when the high watermark has passed an offset. The object is its own list node, so that waiting allocates nothing;
/// it waits for one offset at a time.
/// </summary>
internal abstract class CommitWaiter
{
    internal CommitWaiter? Next;

    internal long Offset;

    /// <summary>
    /// Called once, outside of every lock, on a thread that the flusher keeps for answers: None when everything below the offset is durable,
    /// KafkaStorageError when it never will be, NotLeaderOrFollower when the partition is closed or deleted. It must not block.
    /// </summary>
    protected internal abstract void Complete(ErrorCode error);
}
