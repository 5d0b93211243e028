using System.Runtime.InteropServices;

namespace Garam.Broker.Log;

/// <summary>What is done to directories and to small files that are replaced as a whole. See <see cref="LogFile"/>.</summary>
internal static partial class LogDirectory
{
    private const int ReadOnly = 0;

    /// <summary>
    /// Makes new names, renames and removals inside <paramref name="path"/> survive a power cut: syncing a file does not sync its name.
    /// </summary>
    public static void Sync(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return; // NTFS keeps its own journal of names, and directories cannot be flushed
        }
        var descriptor = OpenDescriptor(path, ReadOnly);
        if (descriptor < 0)
        {
            throw new IOException($"cannot open the directory '{path}' to sync it (errno {Marshal.GetLastPInvokeError()})");
        }
        try
        {
            if (SyncDescriptor(descriptor) != 0)
            {
                throw new IOException($"cannot sync the directory '{path}' (errno {Marshal.GetLastPInvokeError()})");
            }
        }
        finally
        {
            _ = CloseDescriptor(descriptor);
        }
    }

    /// <summary>Replaces a file so that readers, and a restart after a crash, see the old content or the new, never a part.</summary>
    public static void Replace(string path, ReadOnlySpan<byte> content, bool sync)
    {
        var temporary = path + ".tmp";
        using (var file = File.OpenHandle(temporary, FileMode.Create, FileAccess.Write))
        {
            RandomAccess.Write(file, content, 0);
            if (sync)
            {
                RandomAccess.FlushToDisk(file);
            }
        }
        File.Move(temporary, path, overwrite: true);
        if (sync)
        {
            Sync(Path.GetDirectoryName(path)!);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenDescriptor(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int SyncDescriptor(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int CloseDescriptor(int descriptor);
}
