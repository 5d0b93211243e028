using System.Net;
using System.Net.Sockets;
using Garam.Content.Import;
using Garam.Messaging.Endpoints;
using Garam.Messaging.Groups;
using Garam.Messaging.Topics;
using Garam.Operations;
using Garam.Outbox.Sqlite;

namespace Garam.CommandLine;

/// <summary>A command that cannot do what was asked: one line for the user, one number for the shell.</summary>
internal sealed class CommandFailure(int exitCode, string message) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    private const string NoClient =
        "the Kafka client (librdkafka) cannot be loaded on this machine. It needs glibc 2.28 or later, or musl, on x64 or arm64. `garam broker` runs without it.";

    /// <summary>What an exception means to a user; null for one that means a bug, which deserves its stack trace.</summary>
    public static CommandFailure? From(Exception exception) => exception switch
    {
        CommandFailure failure => failure,
        ArgumentException { ParamName: { } name } => new(CommandLine.ExitCode.Failure, exception.Message.Replace($" (Parameter '{name}')", "")),
        ImportException => new(CommandLine.ExitCode.Unreachable, exception.Message),
        IOException or UnauthorizedAccessException or ArgumentException or SocketException => new(CommandLine.ExitCode.Failure, exception.Message),
        StoreUnusableException => new(CommandLine.ExitCode.Failure, exception.Message),
        HttpRequestException { StatusCode: HttpStatusCode.NotFound } => new(CommandLine.ExitCode.NotFound, exception.Message),
        HttpRequestException => new(CommandLine.ExitCode.Unreachable, exception.Message),
        TimeoutException => new(CommandLine.ExitCode.Unreachable, exception.Message),
        _ => FromKafka(exception),
    };

    // Kept apart: `garam broker` fails without loading the client library.
    private static CommandFailure? FromKafka(Exception exception) => exception switch
    {
        DllNotFoundException => new(CommandLine.ExitCode.Failure, NoClient),
        TypeInitializationException { InnerException: DllNotFoundException } => new(CommandLine.ExitCode.Failure, NoClient),
        GroupAdminException failed => new(failed.IsTransient ? CommandLine.ExitCode.Unreachable : CommandLine.ExitCode.Failure, failed.Message),
        MessagingConfigurationException => new(CommandLine.ExitCode.Failure, exception.Message),
        TopicAdminException failed => new(failed.IsTransient ? CommandLine.ExitCode.Unreachable : CommandLine.ExitCode.Failure, failed.Message),
        _ when OperationException.From(exception) is { } failure => new(CommandLine.ExitCode.Of(failure.Kind), failure.Message),
        _ => null,
    };
}
