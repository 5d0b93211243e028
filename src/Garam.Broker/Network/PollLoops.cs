using Garam.Background;

namespace Garam.Broker.Network;

/// <summary>
/// The loops of one listener. Another one is started when all have something to serve and there may be more, so that a broker inside a test
/// costs a thread or two.
/// </summary>
internal sealed class PollLoops(BackgroundWork background) : IAsyncDisposable
{
    // At least two, because a thread that writes to a busy disk may be made to wait; and beyond some, threads only get into each other's way.
    private static readonly int MostLoops = Math.Clamp(Environment.ProcessorCount, 2, 8);

    private readonly Lock _lock = new();
    private readonly List<PollLoop> _loops = [];

    /// <summary>The loop that serves the fewest.</summary>
    /// <exception cref="IOException">There is none, and no descriptor is free to make one.</exception>
    public PollLoop Next()
    {
        lock (_lock)
        {
            var idlest = _loops.MinBy(loop => loop.Load);
            if (idlest is { Load: 0 } || (idlest is not null && _loops.Count == MostLoops)) return idlest;
            try
            {
                var started = new PollLoop(_loops.Count, background);
                _loops.Add(started);
                return started;
            }
            catch (Exception failure) when (failure is IOException or OutOfMemoryException or ThreadStartException && idlest is not null)
            {
                return idlest; // the system has no descriptor or thread left for another one
            }
        }
    }

    /// <summary>To be called when every socket has been closed; again, it does nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        PollLoop[] loops;
        lock (_lock)
        {
            loops = [.. _loops];
            _loops.Clear();
        }
        foreach (var loop in loops) await loop.StopAsync().ConfigureAwait(false);
    }
}
