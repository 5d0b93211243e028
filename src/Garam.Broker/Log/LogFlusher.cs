using System.Collections.Concurrent;

namespace Garam.Broker.Log;

/// <summary>
/// The one thread that syncs to the disk. A partition is queued once, however many wait for it: everything that was appended to it until its turn comes
/// is made durable by one sync (group commit), and no thread that serves requests ever waits for a disk.
/// </summary>
internal sealed class LogFlusher : IDisposable
{
    private readonly BlockingCollection<PartitionLog> _queue = [];
    private readonly Thread? _thread;

    /// <param name="hasThread">False: nothing is flushed but by <see cref="FlushQueued"/>, for tests that choose the moment.</param>
    public LogFlusher(bool hasThread = true)
    {
        if (hasThread)
        {
            _thread = new Thread(Run) { IsBackground = true, Name = "garam-flusher" };
            _thread.Start();
        }
    }

    /// <summary>Flushes, on the caller's thread, what is queued.</summary>
    public void FlushQueued()
    {
        while (_queue.TryTake(out var log))
        {
            log.Flush();
        }
    }

    /// <summary>Has <paramref name="log"/> flushed soon. The log sees to it that it is not queued twice.</summary>
    public void Enqueue(PartitionLog log)
    {
        try
        {
            _queue.Add(log);
        }
        catch (InvalidOperationException)
        {
            // the broker stops: closing the log flushes it
        }
    }

    /// <summary>Flushes what is queued, and stops.</summary>
    public void Dispose()
    {
        _queue.CompleteAdding();
        _thread?.Join();
        _queue.Dispose();
    }

    private void Run()
    {
        foreach (var log in _queue.GetConsumingEnumerable())
        {
            log.Flush();
        }
    }
}
