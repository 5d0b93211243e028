using Garam.Kafka;

namespace Garam.Broker.Log;

/// <summary>Lets asynchronous code wait for the high watermark.</summary>
internal sealed class CommitAwaiter : CommitWaiter
{
    // The flusher must not run what comes after.
    private readonly TaskCompletionSource<ErrorCode> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private CommitAwaiter() { }

    /// <summary>Completes, at once where no flush has to be awaited, when everything below <paramref name="offset"/> is as durable as the topic asks.</summary>
    public static ValueTask<ErrorCode> WhenCommittedAsync(PartitionLog log, long offset)
    {
        // Most topics flush when the operating system likes: nothing to wait for, nothing to allocate.
        if (log.HighWatermark >= offset) return new(ErrorCode.None);
        var awaiter = new CommitAwaiter();
        return log.IsCommitted(offset, awaiter) ? new(ErrorCode.None) : new(awaiter._done.Task);
    }

    protected internal override void Complete(ErrorCode error) => _done.TrySetResult(error);
}
