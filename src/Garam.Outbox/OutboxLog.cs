using Microsoft.Extensions.Logging;

namespace Garam.Outbox;

internal static partial class OutboxLog
{
    [LoggerMessage(3001, LogLevel.Information, "Outbox relay started")]
    public static partial void RelayStarted(this ILogger logger);

    [LoggerMessage(3002, LogLevel.Warning, "Message {Id} for {Topic} could not leave the outbox; it and those that follow are tried again until they can")]
    public static partial void DeliveryFailed(this ILogger logger, long id, string topic, Exception error);

    [LoggerMessage(3003, LogLevel.Information, "Messages leave the outbox again")]
    public static partial void DeliveryRecovered(this ILogger logger);

    [LoggerMessage(3004, LogLevel.Error, "The outbox cannot be read or pruned; the relay tries again in {Delay}")]
    public static partial void StoreTrouble(this ILogger logger, TimeSpan delay, Exception error);

    [LoggerMessage(3005, LogLevel.Information, "Outbox relay stopped; what is left waits for the next start")]
    public static partial void RelayStopped(this ILogger logger);
}
