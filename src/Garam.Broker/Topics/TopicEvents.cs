using Garam.Broker.Log;
using Garam.Kafka;
using Microsoft.Extensions.Logging;

namespace Garam.Broker.Topics;

internal static partial class TopicEvents
{
    [LoggerMessage(1300, LogLevel.Information, "Created topic {Topic} with {Partitions} partitions, id {Id}")]
    public static partial void TopicCreated(this ILogger logger, string topic, int partitions, Guid id);

    [LoggerMessage(1301, LogLevel.Information, "Deleted topic {Topic}, id {Id}")]
    public static partial void TopicDeleted(this ILogger logger, string topic, Guid id);

    [LoggerMessage(1302, LogLevel.Information, "Topic {Topic} now has {Partitions} partitions")]
    public static partial void PartitionsAdded(this ILogger logger, string topic, int partitions);

    [LoggerMessage(1303, LogLevel.Warning, "Removed the partition {Log}: its topic was deleted before the last stop")]
    public static partial void OrphanRemoved(this ILogger logger, TopicPartition log);

    [LoggerMessage(1313, LogLevel.Warning, "Topic {Topic}, which a client asked for, was not created: {Error}: {Message}")]
    public static partial void TopicNotCreated(this ILogger logger, string topic, ErrorCode error, string? message);

    [LoggerMessage(1310, LogLevel.Error, "The directory of the deleted partition {Partition} could not be removed; the next start tries again")]
    public static partial void PartitionNotRemoved(this ILogger logger, Exception failure, TopicPartition partition);

    [LoggerMessage(1311, LogLevel.Error, "{Problem}")]
    public static partial void MetadataDamaged(this ILogger logger, string problem);

    [LoggerMessage(1312, LogLevel.Error, "{Problem}")]
    public static partial void StraysKept(this ILogger logger, string problem);

    [LoggerMessage(1304, LogLevel.Information, "Topic {Topic} has new settings of its own: {Settings}")]
    public static partial void TopicConfigured(this ILogger logger, string topic, string settings);

    [LoggerMessage(1305, LogLevel.Information, "{Broker} has new settings: {Settings}")]
    public static partial void BrokerConfigured(this ILogger logger, string broker, string settings);

    [LoggerMessage(1314, LogLevel.Warning, "The cluster id could not be read from the damaged __metadata-0: the cluster has the new id {Id}")]
    public static partial void ClusterIdLost(this ILogger logger, string id);

    [LoggerMessage(1315, LogLevel.Warning, "A second copy of the cluster id could not be written to __metadata-0; the next start tries again")]
    public static partial void ClusterIdNotCopied(this ILogger logger, Exception failure);

    [LoggerMessage(1309, LogLevel.Error, "The partitions of topic {Topic} could not be made: the change was taken back")]
    public static partial void TopicTakenBack(this ILogger logger, Exception failure, string topic);
}
