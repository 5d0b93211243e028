using Garam.Broker.Resources;

namespace Garam.Broker.Log;

/// <summary>
/// One file of a log. It is opened when it is first used and closed when it has not been used for a while or others need its handle
/// (<see cref="OpenFiles"/>), so that a process may have more partitions than handles.
/// </summary>
internal sealed class LogFile(Disk disk, string path) : IDisposable, IClosableFile
{
    private readonly Lock _gate = new();
    private LinkedListNode<IClosableFile>? _place;
    private DiskFile? _handle;
    private string _path = path;
    private bool _usedSinceRelease;
    private volatile bool _isUnsynced;

    public string Path => _path;

    public Disk Disk => disk;

    public long Length => disk.LengthOf(_path);

    /// <summary>
    /// Makes the file, empty. An old one of that name can only be the remains of a crash. It is opened by its first use: thousands of partitions may
    /// be made long before somebody writes to them, and a process may have fewer handles than that.
    /// </summary>
    public void Create()
    {
        disk.Descriptors.Open(_path, () =>
        {
            lock (_gate)
            {
                return disk.Create(_path);
            }
        }).Dispose();
    }

    public void Write(ReadOnlySpan<byte> bytes, long position)
    {
        for (var open = Open(); ; open = Open())
        {
            try
            {
                _isUnsynced = true;
                open.Write(bytes, position);
                _isUnsynced = true; // a sync that began before may have passed it by
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
                return open.Read(destination, position);
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
                open.SetLength(length);
                return;
            }
            catch (ObjectDisposedException) when (WasReleased(open))
            {
                // as in Write
            }
        }
    }

    /// <summary>Returns when the bytes are on stable storage (fsync). A file that nobody has open is opened for that alone.</summary>
    public void Sync()
    {
        // A checkpoint syncs all that is new: if it left them open, ten thousand new topics would use up the handles of the process.
        if (OpenUnused() is { } alone)
        {
            using (alone)
            {
                alone.Sync();
            }
            return;
        }
        for (var open = Open(); ; open = Open())
        {
            try
            {
                _isUnsynced = false;
                open.Sync();
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
            disk.Move(_path, newPath);
            _path = newPath;
        }
    }

    public void Delete()
    {
        Dispose();
        disk.Delete(_path);
    }

    /// <summary>
    /// Closes the handle when the file was not used since the last call, and what was written is synced: the kernel reports an error of writing back to handles that were open
    /// at that time, and may report it to none that is opened later.
    /// </summary>
    public void ReleaseWhenIdle()
    {
        if (_usedSinceRelease || _isUnsynced)
        {
            _usedSinceRelease = false;
            return;
        }
        Dispose();
    }

    bool IClosableFile.TakeUsed()
    {
        var used = _usedSinceRelease;
        _usedSinceRelease = false;
        return used;
    }

    // What was written and not synced is safe: Linux keeps a failed write-back with the file and reports it to its next sync by any handle (since 4.17).
    void IClosableFile.Close() => Dispose();

    /// <summary>Closes the handle; the next use opens it again.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            var open = _handle;
            _handle = null; // first: who finds it closed must see that it was released
            if (open is null)
            {
                return;
            }
            open.Dispose();
            disk.Descriptors.Files.Remove(_place!);
        }
    }

    private DiskFile? OpenUnused()
    {
        return Volatile.Read(ref _handle) is null ? disk.Descriptors.Open(_path, OpenIfClosed) : null;

        DiskFile? OpenIfClosed()
        {
            lock (_gate)
            {
                return _handle is null ? disk.Open(_path) : null;
            }
        }
    }

    private bool WasReleased(DiskFile open) => open != Volatile.Read(ref _handle);

    private DiskFile Open()
    {
        if (!_usedSinceRelease)
        {
            _usedSinceRelease = true; // written only when it changes: many threads read beside each other
        }
        return Volatile.Read(ref _handle) ?? disk.Descriptors.Open(_path, OpenForUse);
    }

    private DiskFile OpenForUse()
    {
        lock (_gate)
        {
            if (_handle is null)
            {
                _handle = disk.Open(_path);
                disk.Descriptors.Files.Add(_place ??= new LinkedListNode<IClosableFile>(this));
            }
            return _handle;
        }
    }
}
