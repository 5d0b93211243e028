using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Garam.Operations;

/// <summary>Why an operation was not done: what a program decides by. The message is for a person.</summary>
public enum FailureKind
{
    /// <summary>The broker refused, and none of the others says why.</summary>
    Failed,

    /// <summary>What was asked for makes no sense: a mistake of the caller's.</summary>
    Invalid,

    /// <summary>The topic, group, partition or record is not there.</summary>
    NotFound,

    /// <summary>The state of things forbids it now: it exists already, or the group has members.</summary>
    Conflict,

    /// <summary>The broker does not let this user do it.</summary>
    Unauthorized,

    /// <summary>No broker answered, or not in time.</summary>
    Unreachable,
}

/// <summary>An operation that was not done.</summary>
/// <param name="kind">What a program decides by.</param>
/// <param name="message">One sentence for a person, which says what to do where something can be done.</param>
/// <param name="inner">What the client threw.</param>
public sealed class OperationException(FailureKind kind, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What a program decides by.</summary>
    public FailureKind Kind { get; } = kind;

    /// <summary>What an error of the broker or of the client means, said of <paramref name="subject"/> ("topic orders").</summary>
    public static OperationException Of(Error error, string? subject = null) =>
        new(KindOf(error.Code), subject is null ? error.Reason : $"{subject}: {error.Reason}");

    internal static OperationException Of(KafkaException exception)
    {
        // What failed for one thing of several is reported as "some failed": the thing's own error says which and why.
        var error = ErrorsIn(exception).FirstOrDefault(item => item.IsError) ?? exception.Error;
        return new OperationException(KindOf(error.Code), error.Reason, exception);
    }

    /// <summary>What an exception of the client means; null for one that is none of the client's.</summary>
    public static OperationException? From(Exception exception) => exception switch
    {
        OperationException failure => failure,
        KafkaException failed => Of(failed),
        _ => null,
    };

    /// <summary>The kind that an error code belongs to.</summary>
    public static FailureKind KindOf(ErrorCode code) => code switch
    {
        ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.Local_UnknownPartition or ErrorCode.GroupIdNotFound => FailureKind.NotFound,
        ErrorCode.TopicAlreadyExists or ErrorCode.NonEmptyGroup or ErrorCode.GroupSubscribedToTopic
            or ErrorCode.UnknownMemberId or ErrorCode.RebalanceInProgress => FailureKind.Conflict,
        ErrorCode.TopicAuthorizationFailed or ErrorCode.GroupAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed
            or ErrorCode.SaslAuthenticationFailed or ErrorCode.Local_Authentication => FailureKind.Unauthorized,
        ErrorCode.Local_Transport or ErrorCode.Local_Partial or ErrorCode.Local_AllBrokersDown or ErrorCode.Local_Resolve or ErrorCode.Local_TimedOut or ErrorCode.Local_TimedOutQueue
            or ErrorCode.Local_MsgTimedOut or ErrorCode.RequestTimedOut => FailureKind.Unreachable,
        ErrorCode.InvalidConfig or ErrorCode.InvalidPartitions or ErrorCode.InvalidReplicationFactor or ErrorCode.TopicException
            or ErrorCode.InvalidRequest or ErrorCode.InvalidReplicaAssignment or ErrorCode.PolicyViolation or ErrorCode.InvalidGroupId
            or ErrorCode.OffsetOutOfRange => FailureKind.Invalid,
        _ => FailureKind.Failed,
    };

    private static IEnumerable<Error> ErrorsIn(KafkaException exception) => exception switch
    {
        CreateTopicsException failed => failed.Results.Select(result => result.Error),
        DeleteTopicsException failed => failed.Results.Select(result => result.Error),
        CreatePartitionsException failed => failed.Results.Select(result => result.Error),
        DescribeConfigsException failed => failed.Results.Select(result => result.Error),
        IncrementalAlterConfigsException failed => failed.Results.Select(result => result.Error),
        DeleteRecordsException failed => failed.Results.Select(result => result.Error),
        DescribeConsumerGroupsException failed => failed.Results.ConsumerGroupDescriptions.Select(group => group.Error),
        DeleteGroupsException failed => failed.Results.Select(result => result.Error),
        ListConsumerGroupOffsetsException failed => failed.Results.SelectMany(group => group.Partitions.Select(partition => partition.Error).Prepend(group.Error)),
        AlterConsumerGroupOffsetsException failed => failed.Results.SelectMany(group => group.Partitions.Select(partition => partition.Error).Prepend(group.Error)),
        DeleteConsumerGroupOffsetsException failed => failed.Result.Partitions.Select(partition => partition.Error).Prepend(failed.Result.Error),
        _ => [],
    };
}
