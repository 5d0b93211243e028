using Microsoft.Extensions.Logging;

namespace Garam.Broker.Log;

/// <summary>What all logs of a data directory share.</summary>
internal sealed record LogServices(TimeProvider Clock, ILogger Logger, LogFlusher Flusher, Disk Disk)
{
    /// <summary>What the logs report to, and what runs their background work.</summary>
    public BrokerProblems Problems { get; init; } = new(Logger, Clock);

    /// <summary>Milliseconds since 1970.</summary>
    public long Now => Clock.GetUtcNow().ToUnixTimeMilliseconds();
}
