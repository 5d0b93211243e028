using System.Collections.Concurrent;

namespace Garam.Broker.Log;

/// <summary>
/// The one thread that syncs to the disk. A partition is queued once, however many wait for it: everything that was appended to it until its turn comes
/// is made durable by one sync (group commit), and no thread that serves requests ever waits for a disk.
/// </summary>
internal sealed class LogFlusher : IDisposable
{
    private readonly BlockingCollection<PartitionLog> queue = [];
    private readonly Thread thread;

    public LogFlusher()
    {
        thread = new Thread(Run) { IsBackground = true, Name = "garam-flusher" };
        thread.Start();
    }

    /// <summary>Has <paramref name="log"/> flushed soon. The log sees to it that it is not queued twice.</summary>
    public void Enqueue(PartitionLog log)
    {
        if (!queue.IsAddingCompleted)
        {
            queue.Add(log);
        }
    }

    /// <summary>Flushes what is queued, and stops.</summary>
    public void Dispose()
    {
        queue.CompleteAdding();
        thread.Join();
        queue.Dispose();
    }

    private void Run()
    {
        foreach (var log in queue.GetConsumingEnumerable())
        {
            log.Flush();
        }
    }
}
