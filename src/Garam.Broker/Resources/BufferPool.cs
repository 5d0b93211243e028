using System.Buffers;

namespace Garam.Broker.Resources;

/// <summary>
/// Buffers of requests and answers. Small ones come from the shared pool. That pool hardly ever gives up large arrays again, so those have a pool of
/// their own, which is dropped when it has not been needed for a while (<see cref="TrimWhenIdle"/>).
/// </summary>
internal static class BufferPool
{
    private const int LargestShared = 64 * 1024;
    private const int LargestPooled = 4 * 1024 * 1024;
    private const int KeptOfEachSize = 32;

    /// <summary>Less than this is not worth a garbage collection.</summary>
    private const long WorthTrimming = 32 * 1024 * 1024;

    private static ArrayPool<byte> _large = NewPool();
    private static long _inUse, _peak;
    private static bool _wasIdle;

    /// <summary>A buffer of at least <paramref name="size"/> bytes with any content.</summary>
    public static byte[] Rent(int size)
    {
        if (size <= LargestShared) return ArrayPool<byte>.Shared.Rent(size);
        var buffer = Volatile.Read(ref _large).Rent(size);
        var inUse = Interlocked.Add(ref _inUse, buffer.Length);
        if (inUse > Volatile.Read(ref _peak)) Volatile.Write(ref _peak, inUse); // a lost update does not matter
        return buffer;
    }

    /// <summary>Gives a buffer back that nobody uses any more.</summary>
    public static void Return(byte[] buffer)
    {
        if (buffer.Length <= LargestShared)
        {
            ArrayPool<byte>.Shared.Return(buffer);
            return;
        }
        Interlocked.Add(ref _inUse, -buffer.Length);
        Volatile.Read(ref _large).Return(buffer); // one of another pool, or too large for any, is dropped there or kept: both are right
    }

    /// <summary>
    /// Returns memory to the system when much was in use, and hardly any is at two calls in a row. Without a collection the runtime keeps it: an idle
    /// process collects nothing. A program whose own heap is much larger collects by itself, and is not made to wait for it here.
    /// </summary>
    public static void TrimWhenIdle()
    {
        var (inUse, peak) = (Interlocked.Read(ref _inUse), Interlocked.Read(ref _peak));
        var isIdle = peak >= WorthTrimming && inUse * 4 < peak;
        if (isIdle && _wasIdle)
        {
            Volatile.Write(ref _peak, inUse);
            Volatile.Write(ref _large, NewPool());
            if (GC.GetTotalMemory(forceFullCollection: false) < peak * 4) GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
        _wasIdle = isIdle && !_wasIdle;
    }

    private static ArrayPool<byte> NewPool() => ArrayPool<byte>.Create(LargestPooled, KeptOfEachSize);
}
