using Microsoft.Win32.SafeHandles;

namespace Garam.Broker.Resources;

/// <summary>
/// A few descriptors that are open on nothing, to be released when the process has none left: with one of them a connection can be accepted and
/// refused, where it would otherwise stay in the backlog without an answer.
/// </summary>
internal sealed class DescriptorReserve
{
    private readonly int _size;
    private readonly Lock _lock = new();
    private readonly Stack<SafeFileHandle> _held = [];

    public DescriptorReserve(int size)
    {
        _size = size;
        TryRefill();
    }

    /// <summary>Frees one descriptor; false when all have been released.</summary>
    public bool TryRelease()
    {
        lock (_lock)
        {
            if (!_held.TryPop(out var handle)) return false;
            handle.Dispose();
            return true;
        }
    }

    /// <summary>Takes back what was released; false while there are too few descriptors for that.</summary>
    public bool TryRefill()
    {
        if (OperatingSystem.IsWindows()) return true;
        lock (_lock)
        {
            try
            {
                while (_held.Count < _size) _held.Push(File.OpenHandle("/dev/null"));
                return true;
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }
    }
}
