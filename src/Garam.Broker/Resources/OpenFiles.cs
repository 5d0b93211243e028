namespace Garam.Broker.Resources;

/// <summary>A file that may be closed at any time, and opens itself again when it is used.</summary>
internal interface IClosableFile
{
    /// <summary>Whether it was used since the last call. Reading and clearing need not be one step: a lost mark costs one opening.</summary>
    bool TakeUsed();

    void Close();
}

/// <summary>
/// Bounds how many files are open. When one more is to be opened, one that was not used lately is closed: the second-chance algorithm, in which a
/// use of a file only sets a mark in that file and takes no lock. The cost of closing is the same for ten files and for a million.
/// <code>
///   first ──► [marked] [marked] [not marked] [marked] ... last
///             to the end, mark cleared    └ closed
/// </code>
/// </summary>
/// <param name="limit">How many may be open now.</param>
internal sealed class OpenFiles(Func<int> limit)
{
    /// <summary>After as many second chances the next file is closed although it is in use: the search must not take long.</summary>
    private const int MaxSecondChances = 64;

    private const int MaxAttempts = 16;

    private readonly Lock _lock = new();
    private readonly LinkedList<IClosableFile> _open = new();
    private int _count;

    /// <summary>How many are open.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Runs <paramref name="open"/> when there is room, and again after closing other files while the process has no descriptor left.</summary>
    /// <param name="path">What is opened, for the message.</param>
    /// <param name="open">Opens the file. It may take locks: none is held here.</param>
    /// <param name="relieve">Frees a descriptor of the process; false when it cannot.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="FileOpenException">The file cannot be opened now. Nothing was changed.</exception>
    public T Open<T>(string path, Func<T> open, Func<bool> relieve)
    {
        while (Count >= limit() && TryCloseOne()) { }
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return open();
            }
            catch (Exception failure) when (failure is (IOException and not (FileNotFoundException or DirectoryNotFoundException)) or UnauthorizedAccessException)
            {
                if (failure is not IOException io || !FileDescriptors.IsShortage(io) || attempt == MaxAttempts || !relieve())
                    throw new FileOpenException(path, failure);
            }
        }
    }

    /// <summary>Counts a file that has just been opened.</summary>
    public void Add(LinkedListNode<IClosableFile> file)
    {
        lock (_lock)
        {
            if (file.List is null) _open.AddLast(file);
            _count = _open.Count;
        }
    }

    /// <summary>The file was closed; nothing happens when it is not in the list any more.</summary>
    public void Remove(LinkedListNode<IClosableFile> file)
    {
        lock (_lock)
        {
            if (file.List is not null) _open.Remove(file);
            _count = _open.Count;
        }
    }

    /// <summary>Closes a file that was not used lately; false when none is open. No lock may be held that closing a file takes.</summary>
    public bool TryCloseOne()
    {
        IClosableFile? idle;
        lock (_lock)
        {
            idle = TakeIdle();
            _count = _open.Count;
        }
        idle?.Close();
        return idle is not null;
    }

    private IClosableFile? TakeIdle()
    {
        for (var chances = Math.Min(MaxSecondChances, _open.Count); _open.First is { } first; chances--)
        {
            _open.Remove(first);
            if (chances <= 0 || !first.Value.TakeUsed()) return first.Value;
            _open.AddLast(first);
        }
        return null;
    }
}
