using Microsoft.Extensions.Logging;

namespace Garam.Broker.Log;

/// <summary>What all logs of a data directory share.</summary>
internal sealed record LogServices(TimeProvider Clock, ILogger Logger, LogFlusher Flusher, Disk Disk)
{
    /// <summary>Milliseconds since 1970.</summary>
    public long Now => Clock.GetUtcNow().ToUnixTimeMilliseconds();
}
