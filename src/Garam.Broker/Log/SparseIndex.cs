namespace Garam.Broker.Log;

/// <summary>
/// Sorted entries of a fixed size, as they are on disk (big-endian), for some of the batches of one segment. Entries live in memory and are written
/// when the segment is checkpointed, rolled or closed: what a crash loses is rebuilt from the log. One thread appends, under the partition's lock;
/// any thread looks up, without one.
/// </summary>
internal abstract class SparseIndex(Disk disk, string path, int entrySize)
{
    private const int NotWritten = -1; // there is no file, or a wrong one
    private readonly LogFile _file = new(disk, path);
    private byte[] _entries = [];
    private int _count;
    private int _written = NotWritten;

    public int Count => Volatile.Read(ref _count);

    public int SizeInBytes => Count * entrySize;

    public string Path => _file.Path;

    /// <summary>The file has all entries.</summary>
    public bool IsWritten => _written == _count;

    /// <summary>The entries on disk; false when they are missing or cannot be right, and then there are none.</summary>
    public bool TryLoad(int segmentSize)
    {
        _count = 0;
        _written = NotWritten;
        if (!disk.Exists(_file.Path) || _file.Length is var length && (length % entrySize != 0 || length > int.MaxValue))
        {
            return false;
        }
        var loaded = new byte[length];
        var whole = _file.Read(loaded, 0) == length;
        _file.Dispose();
        _entries = loaded;
        var entryCount = (int)(length / entrySize);
        for (var index = 0; index < entryCount; index++)
        {
            whole &= IsPlausible(index, segmentSize) && (index == 0 || KeyAt(index - 1) < KeyAt(index));
        }
        _written = whole ? entryCount : NotWritten;
        Volatile.Write(ref _count, whole ? entryCount : 0);
        return whole;
    }

    /// <summary>Writes the first <paramref name="upTo"/> entries, those that are not on disk yet.</summary>
    public void Write(int upTo, bool sync)
    {
        if (_written == NotWritten || !disk.Exists(_file.Path))
        {
            _file.Create();
            _written = 0;
        }
        if (upTo > _written)
        {
            _file.Write(_entries.AsSpan(_written * entrySize, (upTo - _written) * entrySize), (long)_written * entrySize);
            _written = upTo;
        }
        if (sync)
        {
            _file.Sync();
        }
        _file.Dispose();
    }

    /// <summary>Forgets the entries from <paramref name="newCount"/> on, in memory and on disk.</summary>
    public void Truncate(int newCount)
    {
        if (newCount < _written)
        {
            _file.Truncate((long)newCount * entrySize);
            _file.Dispose();
            _written = newCount;
        }
        _count = Math.Min(_count, newCount);
    }

    public void Delete() => _file.Delete();

    /// <summary>Removes the file and keeps the entries for those who still read.</summary>
    public void Forget()
    {
        _file.Delete();
        _written = NotWritten;
    }

    protected abstract long KeyAt(int index);

    protected abstract bool IsPlausible(int index, int segmentSize);

    protected ReadOnlySpan<byte> Entry(int index) => _entries.AsSpan(index * entrySize, entrySize);

    protected Span<byte> NewEntry()
    {
        if (_entries.Length < (_count + 1) * entrySize)
        {
            // readers keep the array that they have: a new one is published before the count that reaches into it
            var larger = new byte[Math.Max(_entries.Length * 2, 16 * entrySize)];
            _entries.CopyTo(larger, 0);
            Volatile.Write(ref _entries, larger);
        }
        return _entries.AsSpan(_count * entrySize, entrySize);
    }

    protected void Publish() => Volatile.Write(ref _count, _count + 1);

    /// <summary>The last entry whose key is not above <paramref name="key"/>; -1 when all are.</summary>
    protected int Floor(long key)
    {
        int low = 0, high = Count - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            if (KeyAt(middle) <= key)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }
        return high;
    }
}
