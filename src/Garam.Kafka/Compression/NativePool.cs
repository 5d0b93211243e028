using System.Collections.Concurrent;

namespace Garam.Kafka.Compression;

/// <summary>
/// A few decoders outside the managed heap that are used again: creating one costs more than decoding most batches. At most one for each processor is kept.
/// </summary>
internal sealed class NativePool(Func<nint> create, Action<nint> free)
{
    private readonly ConcurrentBag<nint> _idle = [];

    /// <exception cref="InsufficientMemoryException">The library has no memory for another one.</exception>
    public nint Rent() => _idle.TryTake(out var pooled) ? pooled
        : create() is var made && made != 0 ? made : throw new InsufficientMemoryException("no memory for a decoder");

    /// <param name="decoder">From <see cref="Rent"/>.</param>
    /// <param name="isReusable">False for one that is in an unknown state or has grown large.</param>
    public void Return(nint decoder, bool isReusable)
    {
        if (isReusable && _idle.Count < Environment.ProcessorCount)
        {
            _idle.Add(decoder);
        }
        else
        {
            free(decoder);
        }
    }
}
