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
}
