using System.Net;
using System.Net.Sockets;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Garam.Content.Import;
using Garam.Messaging.Native;
using Garam.Messaging.Topics;

namespace Garam.CommandLine;

/// <summary>A command that cannot do what was asked: one line for the user, one number for the shell.</summary>
internal sealed class CommandFailure(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    /// <summary>What an exception means to a user; null for one that means a bug, which deserves its stack trace.</summary>
    public static CommandFailure? From(Exception exception) => exception switch
    {
        CommandFailure failure => failure,
        ArgumentException { ParamName: { } name } => new(CommandLine.ExitCode.Failure, exception.Message.Replace($" (Parameter '{name}')", "")),
        ImportException => new(CommandLine.ExitCode.Unreachable, exception.Message),
        IOException or UnauthorizedAccessException or ArgumentException or SocketException => new(CommandLine.ExitCode.Failure, exception.Message),
        HttpRequestException { StatusCode: HttpStatusCode.NotFound } => new(CommandLine.ExitCode.NotFound, exception.Message),
        HttpRequestException => new(CommandLine.ExitCode.Unreachable, exception.Message),
        TimeoutException => new(CommandLine.ExitCode.Unreachable, exception.Message),
        _ => FromKafka(exception),
    };

    // Kept apart: `garam broker` fails without loading the client library.
    private static CommandFailure? FromKafka(Exception exception) => exception switch
    {
        TopicAdminException failed => new(failed.IsTransient ? CommandLine.ExitCode.Unreachable : CommandLine.ExitCode.Failure, failed.Message),
        KafkaLibraryNotFoundException => new(CommandLine.ExitCode.Failure, exception.Message),
        CreateTopicsException failed => Of(failed.Results.First(result => result.Error.IsError).Error),
        DeleteTopicsException failed => Of(failed.Results.First(result => result.Error.IsError).Error),
        KafkaException failed => Of(failed.Error),
        _ => null,
    };

    public static CommandFailure Of(Error error) => new(CodeOf(error.Code), error.Reason);

    private static int CodeOf(ErrorCode code) => code switch
    {
        ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.Local_UnknownPartition or ErrorCode.GroupIdNotFound => CommandLine.ExitCode.NotFound,
        ErrorCode.TopicAlreadyExists or ErrorCode.NonEmptyGroup => CommandLine.ExitCode.Conflict,
        ErrorCode.TopicAuthorizationFailed or ErrorCode.GroupAuthorizationFailed or ErrorCode.ClusterAuthorizationFailed
            or ErrorCode.SaslAuthenticationFailed or ErrorCode.Local_Authentication => CommandLine.ExitCode.Unauthorized,
        ErrorCode.Local_Transport or ErrorCode.Local_AllBrokersDown or ErrorCode.Local_Resolve or ErrorCode.Local_TimedOut
            or ErrorCode.Local_MsgTimedOut or ErrorCode.RequestTimedOut => CommandLine.ExitCode.Unreachable,
        _ => CommandLine.ExitCode.Failure,
    };
}
