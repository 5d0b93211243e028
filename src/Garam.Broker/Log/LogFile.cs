using Microsoft.Win32.SafeHandles;

namespace Garam.Broker.Log;

/// <summary>
/// One file of a log. It is opened when it is first used and may be released while nobody needs it, so that thousands of partitions do not hold
/// thousands of handles. Together with <see cref="LogDirectory"/> it is the only code that touches the disk.
/// </summary>
internal sealed class LogFile(string path) : IDisposable
{
    private readonly Lock gate = new();
    private SafeFileHandle? handle;
    private string path = path;
    private bool usedSinceRelease;

    public string Path => path;

    public long Length => new FileInfo(path).Length;

    /// <summary>Makes the file, empty. An old one of that name can only be the remains of a crash.</summary>
    public void Create()
    {
        lock (gate)
        {
            handle = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
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
        lock (gate)
        {
            File.Move(path, newPath, overwrite: true);
            path = newPath;
        }
    }

    public void Delete()
    {
        Dispose();
        File.Delete(path);
    }

    /// <summary>Closes the handle when the file was not used since the last call.</summary>
    public void ReleaseWhenIdle()
    {
        if (usedSinceRelease)
        {
            usedSinceRelease = false;
            return;
        }
        Dispose();
    }

    /// <summary>Closes the handle; the next use opens it again.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            var open = handle;
            handle = null; // first: who finds it closed must see that it was released
            open?.Dispose();
        }
    }

    private bool WasReleased(SafeFileHandle open) => open != Volatile.Read(ref handle);

    private SafeFileHandle Open()
    {
        usedSinceRelease = true;
        if (Volatile.Read(ref handle) is { } open)
        {
            return open;
        }
        lock (gate)
        {
            return handle ??= File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
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
