namespace Garam.Broker.Resources;

/// <summary>
/// The file descriptors of this process, shared by the connections and the files of the logs. Files give way to connections: a file that was closed
/// is opened again when it is needed.
/// <code>
///   limit of the process
///   |-- headroom: the runtime, other parts of the program, the reserve --|-- budget: files of the logs, then connections --|
/// </code>
/// </summary>
internal sealed class FileDescriptors
{
    // Enough for the threads that append, read and sync at the same time.
    private const int MinFiles = 16;
    private const int MinHeadroom = 160;

    private readonly int _budget;
    private int _connections;

    /// <param name="limit">How many the process may have.</param>
    /// <param name="reserve">How many of them are kept for the moment in which none is left.</param>
    public FileDescriptors(int limit, int reserve)
    {
        Limit = limit;
        Reserve = new DescriptorReserve(reserve);
        var headroom = Math.Max(limit / 8, Math.Min(MinHeadroom, limit / 2));
        _budget = Math.Max(limit - headroom, MinFiles + 1);
        Files = new OpenFiles(() => Math.Max(MinFiles, _budget - Volatile.Read(ref _connections)));
    }

    /// <summary>Those of this process, for all brokers in it.</summary>
    public static FileDescriptors OfProcess { get; } = new(DescriptorLimit.Read(), reserve: 4);

    /// <summary>What the system allows the process.</summary>
    public int Limit { get; }

    /// <summary>The files that the logs hold open.</summary>
    public OpenFiles Files { get; }

    /// <summary>Kept free for the moment in which none is left.</summary>
    public DescriptorReserve Reserve { get; }

    /// <summary>Counts a connection that was accepted. False, and not counted, when it has to be refused because too few descriptors are left.</summary>
    public bool TryAddConnection()
    {
        if (Interlocked.Increment(ref _connections) <= _budget - MinFiles && Reserve.TryRefill()) return true;
        RemoveConnection();
        return false;
    }

    /// <summary>A connection that was counted has been closed.</summary>
    public void RemoveConnection() => Interlocked.Decrement(ref _connections);

    /// <inheritdoc cref="OpenFiles.Open"/>
    public T Open<T>(string path, Func<T> open) => Files.Open(path, open, TryRelieve);

    /// <summary>Frees a descriptor at once when the process has none left; false when there is nothing to free.</summary>
    public bool TryRelieve() => Files.TryCloseOne() || Reserve.TryRelease();

    /// <summary>Whether an operation failed because the process (EMFILE) or the machine (ENFILE) has no descriptor left.</summary>
    public static bool IsShortage(IOException failure) => !OperatingSystem.IsWindows() && failure.HResult is 23 or 24;
}
