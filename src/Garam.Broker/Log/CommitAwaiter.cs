using Garam.Kafka;

namespace Garam.Broker.Log;

/// <summary>Lets asynchronous code wait for the high watermark.</summary>
internal sealed class CommitAwaiter : CommitWaiter
{
    private readonly TaskCompletionSource<ErrorCode> _done;

    private CommitAwaiter(TaskCreationOptions options) => _done = new TaskCompletionSource<ErrorCode>(options);

    /// <summary>Completes, at once where no flush has to be awaited, when everything below <paramref name="offset"/> is as durable as the topic asks. What comes after runs on the thread pool.</summary>
    public static ValueTask<ErrorCode> WhenCommittedAsync(PartitionLog log, long offset) => WhenCommittedAsync(log, offset, TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The same for a caller that only sends an answer then, and never blocks: a thread that the flusher keeps for answers does that.</summary>
    public static ValueTask<ErrorCode> AnswerWhenCommittedAsync(PartitionLog log, long offset) => WhenCommittedAsync(log, offset, TaskCreationOptions.None);

    private static ValueTask<ErrorCode> WhenCommittedAsync(PartitionLog log, long offset, TaskCreationOptions options)
    {
        // Most topics flush when the operating system likes: nothing to wait for, nothing to allocate.
        if (log.HighWatermark >= offset) return new(ErrorCode.None);
        var awaiter = new CommitAwaiter(options);
        return log.IsCommitted(offset, awaiter) ? new(ErrorCode.None) : new(awaiter._done.Task);
    }

    protected internal override void Complete(ErrorCode error) => _done.TrySetResult(error);
}
