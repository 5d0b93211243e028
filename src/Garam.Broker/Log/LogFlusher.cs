using Garam.Background;
using Microsoft.Extensions.Logging.Abstractions;

namespace Garam.Broker.Log;

/// <summary>
/// The threads that sync to the disk. A partition is queued once, however many wait for it: everything that was appended to it until its turn comes
/// is made durable by one sync (group commit), and no thread that serves requests ever waits for a disk. Several syncs of different files take hardly
/// longer than one. Those who waited are answered by other threads: an answer may be large, and the next sync does not wait for it.
/// </summary>
internal sealed class LogFlusher : IDisposable
{
    private const int MaxFlushThreads = 8, MaxAnswerThreads = 2;

    private readonly ThreadedQueue<PartitionLog> _flushes;
    private readonly ThreadedQueue<Answers> _answers;

    /// <param name="hasThread">False: nothing is flushed except by <see cref="FlushQueued"/>, for tests that choose the moment.</param>
    /// <param name="background">Runs the threads. Default: failures are not shown anywhere.</param>
    public LogFlusher(bool hasThread = true, BackgroundWork? background = null)
    {
        background ??= new BackgroundWork(NullLogger.Instance);
        _answers = new("garam-answers", static answers => answers.Due.Call(answers.Log), hasThread ? MaxAnswerThreads : 0, background);
        _flushes = new("garam-flusher", Flush, hasThread ? MaxFlushThreads : 0, background);
    }

    /// <summary>Flushes, on the caller's thread, what is queued, and answers those who waited.</summary>
    public void FlushQueued()
    {
        while (_flushes.RunQueued() | _answers.RunQueued()) { }
    }

    /// <summary>Has <paramref name="log"/> flushed soon. The log does not queue itself twice. Nothing happens when the broker stops: closing the log flushes it.</summary>
    public void Enqueue(PartitionLog log) => _flushes.Enqueue(log);

    /// <summary>Flushes what is queued, answers, and stops.</summary>
    public void Dispose()
    {
        _flushes.Dispose();
        _answers.Dispose();
    }

    private void Flush(PartitionLog log)
    {
        var due = log.FlushFromQueue();
        if (!due.IsEmpty) _answers.Enqueue(new Answers(log, due));
    }

    private readonly record struct Answers(PartitionLog Log, LogWaiters.Due Due);
}
