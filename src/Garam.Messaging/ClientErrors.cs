using Confluent.Kafka;

namespace Garam.Messaging;

/// <summary>Tells what is wrong with a record or a topic's definition from trouble on the way to Kafka.</summary>
internal static class ClientErrors
{
    /// <summary>
    /// False only for what stays refused however often it is tried. A missing topic or right counts as transient: somebody gives
    /// it, and the record need not change.
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
        or ErrorCode.InvalidReplicationFactor
        or ErrorCode.Local_InvalidArg);
}
