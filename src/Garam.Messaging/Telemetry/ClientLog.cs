using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace Garam.Messaging.Telemetry;

/// <summary>What a client says of itself. While brokers are away it says the same many times a second: one of a kind is heard in half a minute.</summary>
internal sealed class ClientLog(ILogger logger, TimeProvider time)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(30);

    private readonly Dictionary<ErrorCode, long> _heard = [];

    public void Error(Error error)
    {
        lock (_heard)
        {
            if (!error.IsFatal && _heard.TryGetValue(error.Code, out var last) && time.GetElapsedTime(last) < Quiet)
            {
                return;
            }

            _heard[error.Code] = time.GetTimestamp();
        }

        Log.ClientError(logger, error.Code.ToString(), error.Reason);
    }

    public void Message(LogMessage message) => Log.Client(logger, message.Facility, message.Message);
}
