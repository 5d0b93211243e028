using Microsoft.Win32.SafeHandles;

namespace Garam.Broker.Log;

/// <summary>
/// One file of a log. It is opened when it is first used and may be released while nobody needs it, so that thousands of partitions do not hold
/// thousands of handles. Together with <see cref="LogDirectory"/> it is the only code that touches the disk.
/// </summary>
internal sealed class LogFile(string path) : IDisposable
{
    private readonly Lock _gate = new();
    private SafeFileHandle? _handle;
    private string _path = path;
    private bool _usedSinceRelease;

    public string Path => _path;

    public long Length => new FileInfo(_path).Length;

    /// <summary>Makes the file, empty. An old one of that name can only be the remains of a crash.</summary>
    public void Create()
    {
        lock (_gate)
        {
            _handle = File.OpenHandle(_path, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        }
    }

    public void Write(ReadOnlySpan<byte> bytes, long position)
    {
        for (var open = Open(); ; open = Open())
        {
            try
            {
                RandomAccess.Write(open, bytes, position);
                return;
            }
            catch (ObjectDisposedException) when (WasReleased(open))
            {
                // between the opening and the use: once more
            }
        }
    }

    /// <summary>Reads until <paramref name="destination"/> is full or the file ends, and returns how much that was.</summary>
    public int Read(Span<byte> destination, long position)
    {
        for (var open = Open(); ; open = Open())
        {
            try
            {
                return ReadFully(open, destination, position);
            }
            catch (ObjectDisposedException) when (WasReleased(open))
            {
                // as in Write
            }
        }
    }

    public void Truncate(long length)
    {
        for (var open = Open(); ; open = Open())
        {
            try
            {
                RandomAccess.SetLength(open, length);
                return;
            }
            catch (ObjectDisposedException) when (WasReleased(open))
            {
                // as in Write
            }
        }
    }

    /// <summary>Returns when the bytes are on stable storage (fsync).</summary>
    public void Sync()
    {
        for (var open = Open(); ; open = Open())
        {
            try
            {
                RandomAccess.FlushToDisk(open);
                return;
            }
            catch (ObjectDisposedException) when (WasReleased(open))
            {
                // as in Write
            }
        }
    }

    public void Rename(string newPath)
    {
        lock (_gate)
        {
            File.Move(_path, newPath, overwrite: true);
            _path = newPath;
        }
    }

    public void Delete()
    {
        Dispose();
        File.Delete(_path);
    }

    /// <summary>Closes the handle when the file was not used since the last call.</summary>
    public void ReleaseWhenIdle()
    {
        if (_usedSinceRelease)
        {
            _usedSinceRelease = false;
            return;
        }
        Dispose();
    }

    /// <summary>Closes the handle; the next use opens it again.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            var open = _handle;
            _handle = null; // first: who finds it closed must see that it was released
            open?.Dispose();
        }
    }

    private bool WasReleased(SafeFileHandle open) => open != Volatile.Read(ref _handle);

    private SafeFileHandle Open()
    {
        _usedSinceRelease = true;
        if (Volatile.Read(ref _handle) is { } open)
        {
            return open;
        }
        lock (_gate)
        {
            return _handle ??= File.OpenHandle(_path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        }
    }

    private static int ReadFully(SafeFileHandle file, Span<byte> destination, long position)
    {
        var total = 0;
        while (total < destination.Length && RandomAccess.Read(file, destination[total..], position + total) is > 0 and var read)
        {
            total += read;
        }
        return total;
    }
}
