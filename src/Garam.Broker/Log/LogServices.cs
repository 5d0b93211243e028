using System.Collections.Concurrent;
using Garam.Kafka.Records;
using Microsoft.Extensions.Logging;

namespace Garam.Broker.Log;

/// <summary>What all logs of a data directory share.</summary>
internal sealed record LogServices(TimeProvider Clock, ILogger Logger, LogFlusher Flusher, Disk Disk)
{
    private readonly ConcurrentDictionary<CompressionType, TopicPartition> _believed = [];

    /// <summary>Says, once for each codec, that batches are taken whose records nobody here can look at.</summary>
    public void NoteBelieved(TopicPartition partition, CompressionType compression)
    {
        if (_believed.TryAdd(compression, partition))
        {
            Logger.BelievedBatch(partition, compression);
        }
    }

    /// <summary>Milliseconds since 1970.</summary>
    public long Now => Clock.GetUtcNow().ToUnixTimeMilliseconds();
}
