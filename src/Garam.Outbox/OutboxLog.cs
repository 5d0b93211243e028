using Microsoft.Extensions.Logging;

namespace Garam.Outbox;

internal static partial class OutboxLog
{
    [LoggerMessage(3001, LogLevel.Information, "Outbox relay of {Outbox} started")]
    public static partial void RelayStarted(this ILogger logger, string outbox);

    [LoggerMessage(3002, LogLevel.Warning, "Message {Id} of outbox {Outbox} for topic {Topic} could not be sent; it is tried again, and those of its key wait")]
    public static partial void DeliveryFailed(this ILogger logger, string outbox, long id, string topic, Exception error);

    [LoggerMessage(3003, LogLevel.Information, "No message of outbox {Outbox} is failing any more")]
    public static partial void DeliveryRecovered(this ILogger logger, string outbox);

    [LoggerMessage(3005, LogLevel.Information, "Outbox relay of {Outbox} stopped; what is left is sent after the next start")]
    public static partial void RelayStopped(this ILogger logger, string outbox);

    [LoggerMessage(3006, LogLevel.Error, "Message {Id} of outbox {Outbox} for topic {Topic} is undeliverable and was set aside; "
        + "those of its key wait. See: garam outbox list")]
    public static partial void MessageSetAside(this ILogger logger, string outbox, long id, string topic, Exception error);

    [LoggerMessage(3007, LogLevel.Error, "Message {Id} of outbox {Outbox} was sent to topic {Topic}, but the host's Delivered callback failed; "
        + "its receipt is lost, and further ones are only counted")]
    public static partial void ReceiptLost(this ILogger logger, string outbox, long id, string topic, Exception error);
}
