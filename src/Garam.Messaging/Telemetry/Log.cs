using Microsoft.Extensions.Logging;

namespace Garam.Messaging.Telemetry;

/// <summary>Everything that messaging says. Events 2000-2099.</summary>
internal static partial class Log
{
    [LoggerMessage(2000, LogLevel.Information, "Kafka client library {Library}")]
    public static partial void LibraryLoaded(ILogger logger, string library);

    [LoggerMessage(2001, LogLevel.Debug, "librdkafka ({Facility}): {Message}")]
    public static partial void Client(ILogger logger, string facility, string message);

    [LoggerMessage(2002, LogLevel.Warning, "The Kafka client reports: {Reason} ({Code})")]
    public static partial void ClientError(ILogger logger, string code, string reason);

    [LoggerMessage(2010, LogLevel.Error, "The producer failed for good ({Code}: {Reason}); a new one takes its place")]
    public static partial void ProducerReplaced(ILogger logger, string code, string reason);

    [LoggerMessage(2011, LogLevel.Warning, "{Count} records were not acknowledged within {Timeout} at the stop; their callers are told")]
    public static partial void ProducerNotFlushed(ILogger logger, int count, TimeSpan timeout);

    [LoggerMessage(2020, LogLevel.Information, "Created topic {Topic}")]
    public static partial void TopicCreated(ILogger logger, string topic);

    [LoggerMessage(2021, LogLevel.Warning, "Topic {Topic} has {Actual} partitions, not the {Wanted} asked for; it is used as it is")]
    public static partial void PartitionsDiffer(ILogger logger, string topic, int actual, int wanted);

    [LoggerMessage(2022, LogLevel.Warning, "{Reason}")]
    public static partial void PreparationWaits(ILogger logger, string reason);

    [LoggerMessage(2023, LogLevel.Debug, "The cluster could not be prepared; the host stops")]
    public static partial void PreparationFailed(ILogger logger, Exception exception);

    [LoggerMessage(2030, LogLevel.Information, "Group {Group} reads {Topics}")]
    public static partial void GroupStarted(ILogger logger, string group, string topics);

    [LoggerMessage(2031, LogLevel.Information, "Group {Group} waits: {Reason}")]
    public static partial void GroupWaits(ILogger logger, string group, string reason);

    [LoggerMessage(2032, LogLevel.Information, "Group {Group} was assigned {Partitions}")]
    public static partial void Assigned(ILogger logger, string group, string partitions);

    [LoggerMessage(2033, LogLevel.Information, "Group {Group} gave back {Partitions}")]
    public static partial void Revoked(ILogger logger, string group, string partitions);

    [LoggerMessage(2034, LogLevel.Warning, "Group {Group} lost {Partitions}: what was in flight is handled again by their next owner")]
    public static partial void Lost(ILogger logger, string group, string partitions);

    [LoggerMessage(2035, LogLevel.Warning, "{Topic}[{Partition}]: handlers still ran after {Budget} and were cancelled; their records are handled again")]
    public static partial void DrainIncomplete(ILogger logger, string topic, int partition, TimeSpan budget);

    [LoggerMessage(2036, LogLevel.Warning, "Group {Group} could not commit ({Reason}); tried again")]
    public static partial void CommitFailed(ILogger logger, string group, string reason);

    [LoggerMessage(2037, LogLevel.Error, "The consumer of group {Group} failed; a new one starts in {Delay}")]
    public static partial void ConsumerFailed(ILogger logger, Exception exception, string group, TimeSpan delay);

    [LoggerMessage(2038, LogLevel.Warning, "Group {Group}: {Reason} ({Code})")]
    public static partial void ConsumeError(ILogger logger, string group, string code, string reason);

    [LoggerMessage(2039, LogLevel.Information, "Group {Group} stopped")]
    public static partial void GroupStopped(ILogger logger, string group);

    [LoggerMessage(2045, LogLevel.Warning, "Group {Group} was not left: the cluster did not answer in time; its partitions move to other members when the session times out")]
    public static partial void GroupNotLeft(ILogger logger, string group);

    [LoggerMessage(2040, LogLevel.Warning, "{Topic}[{Partition}] offset {Offset}, group {Group}: attempt {Attempt} follows in {Delay}")]
    public static partial void RecordRetried(ILogger logger, Exception exception, string topic, int partition, long offset, string group, int attempt, TimeSpan delay);

    [LoggerMessage(2041, LogLevel.Warning, "{Topic}[{Partition}] offset {Offset}, group {Group}: a dependency is in trouble, attempt {Attempt} follows in {Delay}")]
    public static partial void DependencyAway(ILogger logger, Exception exception, string topic, int partition, long offset, string group, int attempt, TimeSpan delay);

    [LoggerMessage(2042, LogLevel.Error, "{Topic}[{Partition}] is held at offset {Offset} for group {Group}: the record cannot be handled and there is no dead-letter topic")]
    public static partial void PartitionHeld(ILogger logger, Exception exception, string topic, int partition, long offset, string group);

    [LoggerMessage(2043, LogLevel.Error, "{Topic}[{Partition}] offset {Offset} was given up after attempt {Attempts} and written to {DeadLetterTopic}")]
    public static partial void DeadLettered(ILogger logger, Exception exception, string topic, int partition, long offset, string deadLetterTopic, int attempts);

    [LoggerMessage(2044, LogLevel.Error, "{DeadLetterTopic} did not take {Topic}[{Partition}] offset {Offset}: the partition is held, tried again in {Delay}")]
    public static partial void DeadLetterNotWritten(ILogger logger, Exception exception, string deadLetterTopic, string topic, int partition, long offset, TimeSpan delay);

    [LoggerMessage(2046, LogLevel.Error, "{Topic}[{Partition}]: a callback that a handler has registered on its CancellationToken threw an exception")]
    public static partial void CancellationCallbackFailed(ILogger logger, Exception exception, string topic, int partition);

    [LoggerMessage(2049, LogLevel.Error, "{DeadLetterTopic} does not take a letter of {Bytes} bytes, and its limit could not be raised: the letter has no value and says where the record is")]
    public static partial void DeadLetterWithoutValue(ILogger logger, string deadLetterTopic, long bytes);

    [LoggerMessage(2047, LogLevel.Warning, "Raised max.message.bytes of {Topic} to {Bytes}: a dead letter needs it")]
    public static partial void MaxMessageBytesRaised(ILogger logger, string topic, long bytes);

    [LoggerMessage(2050, LogLevel.Information, "Group {Group} is to begin anew and still has members of a process that has ended; they are given up within {Timeout}")]
    public static partial void GroupStillInUse(ILogger logger, string group, TimeSpan timeout);
}
