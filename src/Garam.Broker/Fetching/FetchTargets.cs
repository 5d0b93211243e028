using Garam.Broker.Apis;
using Garam.Broker.Log;
using Garam.Broker.Topics;
using Garam.Kafka;

namespace Garam.Broker.Fetching;

/// <summary>Finds the log that a fetch means.</summary>
internal static class FetchTargets
{
    /// <summary>The log, with the error that keeps the client from reading it.</summary>
    public static (PartitionLog? Log, ErrorCode Error) Find(TopicStore topics, FetchPartition partition)
    {
        var key = partition.Key;
        var topic = topics.Find(key.Topic, key.TopicId);
        if (topic?.Partition(key.Partition) is { } log) return (log, LeaderEpochs.Check(log, partition.LeaderEpoch));
        return (null, topic is null && key.TopicId != Guid.Empty ? ErrorCode.UnknownTopicId : ErrorCode.UnknownTopicOrPartition);
    }
}
