using Garam.Broker.Log;

namespace Garam.Broker;

/// <summary>The broker's directory, held by this process alone for as long as the object lives.</summary>
internal sealed class DataDirectory : IDisposable
{
    private const string LockFile = ".lock";

    private readonly FileStream _lock;
    private readonly bool _isTemporary;

    private DataDirectory(string path, FileStream @lock, bool isTemporary)
    {
        Path = path;
        _lock = @lock;
        _isTemporary = isTemporary;
    }

    public string Path { get; }

    /// <summary>Takes the directory, making it when it is absent; null takes a temporary one, which goes away with this object.</summary>
    /// <exception cref="IOException">It cannot be written, or another broker uses it.</exception>
    public static DataDirectory Open(string? path)
    {
        var isTemporary = path is null;
        path = isTemporary ? Directory.CreateTempSubdirectory("garam-").FullName : System.IO.Path.GetFullPath(path!);
        try
        {
            Make(path);
            return new DataDirectory(path, OpenLock(path), isTemporary);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new IOException($"The directory {path} cannot be written by this user. Choose another data directory.", exception);
        }
    }

    public void Dispose()
    {
        _lock.Dispose();
        if (_isTemporary) Directory.Delete(Path, recursive: true);
    }

    /// <summary>What is synced inside of a directory is lost with it, when its own name was never synced.</summary>
    private static void Make(string path)
    {
        if (Directory.Exists(path)) return;
        var parent = System.IO.Path.GetDirectoryName(path)!;
        Make(parent);
        Directory.CreateDirectory(path);
        Disk.OfSystem.SyncDirectory(parent);
    }

    private static FileStream OpenLock(string path)
    {
        try
        {
            // The lock is the kernel's, not the file's: it goes with the process, however that ends.
            return new FileStream(System.IO.Path.Combine(path, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception)
        {
            throw new IOException($"The directory {path} is used by another broker. Stop that one, or choose another data directory.", exception);
        }
    }
}
