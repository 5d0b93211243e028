using Garam.Broker.Log;
using Garam.Kafka;
using Garam.Kafka.Records;
using Microsoft.Extensions.Logging;

namespace Garam.Broker.Groups;

/// <summary>The internal topic that remembers groups and offsets. It is made when the first group is.</summary>
/// <param name="open">Gives the topic's partitions in order, and makes the topic when it is missing.</param>
/// <param name="logger">Hears of it when the topic cannot be made.</param>
internal sealed class OffsetsLog(Func<ValueTask<IReadOnlyList<PartitionLog>>> open, ILogger logger)
{
    private IReadOnlyList<PartitionLog> _partitions = [];

    /// <summary>Has the topic made if need be; nothing is appended before. False: the disk refuses it.</summary>
    public async ValueTask<bool> TryOpenAsync()
    {
        if (_partitions.Count > 0)
        {
            return true;
        }

        try
        {
            _partitions = await open().ConfigureAwait(false);
            return true;
        }
        catch (IOException exception)
        {
            GroupEvents.NoOffsetsLog(logger, exception);
            return false;
        }
    }

    /// <summary>Writes records of one group as one batch. Call it under the group's lock, so that the log's order is the order of what happened.</summary>
    public Appended Append(string group, RecordBatchBuilder batch)
    {
        if (batch.Count == 0)
        {
            return default;
        }

        var partition = PartitionOf(group);
        var result = partition.Append(batch.Build(), AppendOrigin.Broker);
        return new Appended(partition, result.LastOffset, result.Error);
    }

    // Java's String.hashCode, as in Kafka: tools that look for a group's partition find it.
    private PartitionLog PartitionOf(string group)
    {
        var hash = 0;
        foreach (var unit in group)
        {
            hash = unchecked((hash * 31) + unit);
        }

        return _partitions[(hash & int.MaxValue) % _partitions.Count];
    }
}

/// <summary>Records on their way to the disk. The default value is nothing written, which needs no waiting.</summary>
internal readonly record struct Appended(PartitionLog? Partition, long LastOffset, ErrorCode Error)
{
    /// <summary>Calls back, at once or later, when the records are as durable as the topic's flush policy asks. Never call it under a lock.</summary>
    public void WhenDurable(Action<ErrorCode> callback)
    {
        if (Error != ErrorCode.None)
        {
            callback(ForClients(Error));
        }
        else if (Partition is null || Partition.IsCommitted(LastOffset + 1, new Waiter(callback)))
        {
            callback(ErrorCode.None);
        }
    }

    // Clients do not know what a storage error of the coordinator's means; they do know how to look for another coordinator.
    private static ErrorCode ForClients(ErrorCode error) => error switch
    {
        ErrorCode.None => ErrorCode.None,
        ErrorCode.KafkaStorageError or ErrorCode.NotLeaderOrFollower => ErrorCode.NotCoordinator,
        _ => ErrorCode.CoordinatorNotAvailable,
    };

    private sealed class Waiter(Action<ErrorCode> callback) : CommitWaiter
    {
        protected internal override void Complete(ErrorCode error) => callback(ForClients(error));
    }
}
