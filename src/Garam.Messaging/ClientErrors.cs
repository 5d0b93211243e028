using Confluent.Kafka;

namespace Garam.Messaging;

/// <summary>Tells what is wrong with a record or a topic's definition from trouble on the way to Kafka.</summary>
internal static class ClientErrors
{
    /// <summary>
    /// False only for what stays refused however often it is tried. A missing topic, right or broker counts as transient: it may be added
    /// later, and the record need not change. (A cluster that is starting answers INVALID_REPLICATION_FACTOR until enough brokers have joined.)
    /// </summary>
    public static bool IsTransient(Error error) => error.Code is not (
        ErrorCode.MsgSizeTooLarge
        or ErrorCode.RecordListTooLarge
        or ErrorCode.InvalidRecord
        or ErrorCode.InvalidTimestamp
        or ErrorCode.InvalidMsg
        or ErrorCode.TopicException
        or ErrorCode.PolicyViolation
        or ErrorCode.InvalidConfig
        or ErrorCode.InvalidPartitions
        or ErrorCode.Local_InvalidArg);
}
