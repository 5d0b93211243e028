using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Garam.Operations.Connections;

/// <summary>What the Kafka client says by itself. It says a failure of a connection again and again, so only its errors are more than debug output.</summary>
internal static partial class ClientLog
{
    public static void Write(ILogger logger, LogMessage message)
    {
        if (message.Level <= SyslogLevel.Error)
            ClientError(logger, message.Name, message.Message);
        else
            ClientMessage(logger, message.Name, message.Message);
    }

    [LoggerMessage(1700, LogLevel.Warning, "Kafka client {Client}: {Message}")]
    private static partial void ClientError(ILogger logger, string client, string message);

    [LoggerMessage(1701, LogLevel.Debug, "Kafka client {Client}: {Message}")]
    private static partial void ClientMessage(ILogger logger, string client, string message);
}
