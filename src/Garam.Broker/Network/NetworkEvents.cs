using System.Net;
using Garam.Kafka;
using Microsoft.Extensions.Logging;

namespace Garam.Broker.Network;

internal static partial class NetworkEvents
{
    [LoggerMessage(1000, LogLevel.Information, "Listening on {Endpoint} as node {NodeId}")]
    public static partial void Listening(this ILogger logger, EndPoint endpoint, int nodeId);

    [LoggerMessage(1001, LogLevel.Warning, "Closed the connection of {Remote}: {Reason}")]
    public static partial void ClosedForBadFrame(this ILogger logger, EndPoint remote, string reason);

    [LoggerMessage(1002, LogLevel.Warning, "Closed the connection of {Remote}: {Api} version {Version} is not served")]
    public static partial void ClosedForUnservedRequest(this ILogger logger, EndPoint remote, ApiKey api, short version);

    [LoggerMessage(1003, LogLevel.Error, "Closed the connection of {Remote}: a request failed in a way that the protocol cannot express")]
    public static partial void ClosedForFailure(this ILogger logger, Exception exception, EndPoint remote);

    [LoggerMessage(1004, LogLevel.Warning, "Refused {Remote}: {Limit} connections are open (max.connections)")]
    public static partial void RefusedForLimit(this ILogger logger, EndPoint? remote, int limit);

    [LoggerMessage(1008, LogLevel.Error, "Connections are refused until others are closed: {Count} are open, and the process may open {Limit} files and sockets (ulimit -n)")]
    public static partial void RefusedForDescriptors(this ILogger logger, int count, int limit);

    [LoggerMessage(1009, LogLevel.Warning, "Connections are accepted again")]
    public static partial void AcceptsAgain(this ILogger logger);

    [LoggerMessage(1010, LogLevel.Debug, "A client was lost while it was being accepted: {Reason}")]
    public static partial void ClientLostWhileAccepting(this ILogger logger, string reason);

    [LoggerMessage(1011, LogLevel.Warning, "Closed the connection of {Remote}: it has read nothing of its answer for {Seconds} s, and other clients wait for the memory")]
    public static partial void ClosedForStalling(this ILogger logger, EndPoint remote, int seconds);

    [LoggerMessage(1005, LogLevel.Error, "A connection could not be accepted")]
    public static partial void AcceptFailed(this ILogger logger, Exception exception);

    [LoggerMessage(1006, LogLevel.Debug, "Closed the connection of {Remote}: idle")]
    public static partial void ClosedForIdling(this ILogger logger, EndPoint remote);

    [LoggerMessage(1007, LogLevel.Debug, "The connection of {Remote} ended: {Reason}")]
    public static partial void ConnectionEnded(this ILogger logger, EndPoint remote, string reason);
}
