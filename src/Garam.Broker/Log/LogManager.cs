using Microsoft.Extensions.Logging;

namespace Garam.Broker.Log;

/// <summary>All partition logs under one data directory, and the work that is done on them behind the requests: flushing, checkpoints, retention, compaction, removal.</summary>
internal sealed class LogManager : IAsyncDisposable
{
    /// <summary>
    /// Opens every partition directory under <paramref name="dataDirectory"/> (made when absent), with recovery where the last stop was not clean.
    /// Configs are the default until <see cref="PartitionLog.UpdateConfig"/>; nothing is deleted or compacted before <see cref="Start"/>.
    /// </summary>
    public static LogManager Open(string dataDirectory, LogManagerOptions options, ILogger logger, TimeProvider clock, CancellationToken cancellationToken) =>
        throw new NotImplementedException();

    /// <summary>Every partition that is there, internal topics included; those whose topic no longer exists are the caller's to <see cref="Delete"/>.</summary>
    public IReadOnlyCollection<PartitionLog> Logs => throw new NotImplementedException();

    /// <summary>True when the previous process did not stop cleanly.</summary>
    public bool IsAfterCrash => throw new NotImplementedException();

    public PartitionLog? Find(TopicPartition name) => throw new NotImplementedException();

    /// <summary>Makes an empty partition.</summary>
    /// <exception cref="InvalidOperationException">There is one of that name.</exception>
    /// <exception cref="IOException">The disk said no.</exception>
    public PartitionLog Create(TopicPartition name, Guid topicId, LogConfig config) => throw new NotImplementedException();

    /// <summary>
    /// Closes a partition and takes its directory out of sight at once (it never comes back after a crash); the files go after file.delete.delay.ms.
    /// False when there is none of that name.
    /// </summary>
    public bool Delete(TopicPartition name) => throw new NotImplementedException();

    /// <summary>Starts retention, compaction and checkpoints.</summary>
    public void Start() => throw new NotImplementedException();

    /// <summary>Stops the background work, flushes, and leaves the mark of a clean stop.</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
