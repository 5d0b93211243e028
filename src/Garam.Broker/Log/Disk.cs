using System.Text;
using Garam.Broker.Resources;

namespace Garam.Broker.Log;

/// <summary>
/// Everything that the logs ask of a file system: the one place where they touch it, so that tests can put a disk there that loses its power or its space.
/// Failures are <see cref="IOException"/> and <see cref="UnauthorizedAccessException"/>, as those of <see cref="File"/>.
/// </summary>
internal abstract class Disk
{
    /// <summary>The file system of the machine.</summary>
    public static Disk OfSystem { get; } = new SystemDisk(FileDescriptors.OfProcess);

    /// <summary>What its open files are bounded by. Default: nothing.</summary>
    public virtual FileDescriptors Descriptors { get; } = new(int.MaxValue, reserve: 0);

    /// <summary>Makes an empty file; one of that name is emptied.</summary>
    public abstract DiskFile Create(string path);

    /// <exception cref="FileNotFoundException">There is none.</exception>
    public abstract DiskFile Open(string path);

    public abstract bool Exists(string path);

    public abstract bool DirectoryExists(string path);

    public abstract long LengthOf(string path);

    /// <summary>Gives a file another name in one step; a file that has that name goes.</summary>
    public abstract void Move(string path, string newPath);

    /// <summary>Removes a file; nothing happens when there is none.</summary>
    public abstract void Delete(string path);

    /// <summary>The paths of the files in a directory, in no order.</summary>
    public abstract IReadOnlyList<string> Files(string directory);

    /// <summary>The paths of the directories in a directory, in no order.</summary>
    public abstract IReadOnlyList<string> Directories(string directory);

    /// <summary>Makes a directory, and those above it, unless it is there.</summary>
    public abstract void CreateDirectory(string path);

    public abstract void MoveDirectory(string path, string newPath);

    /// <summary>Removes a directory with all that is in it.</summary>
    public abstract void DeleteDirectory(string path);

    /// <summary>Makes new names, renames and removals inside a directory survive a power cut: syncing a file does not sync its name.</summary>
    public abstract void SyncDirectory(string path);

    public IEnumerable<string> Files(string directory, string suffix) => Files(directory).Where(path => path.EndsWith(suffix, StringComparison.Ordinal));

    public byte[] ReadAll(string path)
    {
        using var file = Open(path);
        var content = new byte[LengthOf(path)];
        return content.AsSpan(0, file.Read(content, 0)).ToArray();
    }

    /// <summary>The lines of a small text file; none when it is not there.</summary>
    public string[] ReadLines(string path) =>
        Exists(path) ? Encoding.UTF8.GetString(ReadAll(path)).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : [];

    /// <summary>Replaces a file so that readers, and a restart after a crash, see the old content or the new, never a part.</summary>
    public void Replace(string path, ReadOnlySpan<byte> content, bool sync)
    {
        var temporary = path + TemporarySuffix;
        using (var file = Create(temporary))
        {
            file.Write(content, 0);
            if (sync)
            {
                file.Sync();
            }
        }
        Move(temporary, path);
        if (sync)
        {
            SyncDirectory(Path.GetDirectoryName(path)!);
        }
    }

    public const string TemporarySuffix = ".tmp";
}

/// <summary>An open file. Any thread; after <see cref="Dispose"/> every use is an <see cref="ObjectDisposedException"/>.</summary>
internal abstract class DiskFile : IDisposable
{
    /// <summary>Reads until <paramref name="destination"/> is full or the file ends, and returns how much that was.</summary>
    public abstract int Read(Span<byte> destination, long position);

    /// <summary>Writes all of <paramref name="bytes"/>, or throws and may have written some.</summary>
    public abstract void Write(ReadOnlySpan<byte> bytes, long position);

    public abstract void SetLength(long length);

    /// <summary>Returns when the content, not the name, is on stable storage (fsync).</summary>
    public abstract void Sync();

    public abstract void Dispose();
}
