using System.Runtime.InteropServices;
using Garam.Broker.Resources;
using Microsoft.Win32.SafeHandles;

namespace Garam.Broker.Log;

/// <inheritdoc cref="Disk.OfSystem"/>
internal sealed partial class SystemDisk(FileDescriptors descriptors) : Disk
{
    private const int ReadOnly = 0;

    public override FileDescriptors Descriptors => descriptors;

    public override DiskFile Create(string path) => Open(path, FileMode.Create);

    public override DiskFile Open(string path) => Open(path, FileMode.Open);

    public override bool Exists(string path) => File.Exists(path);

    public override bool DirectoryExists(string path) => Directory.Exists(path);

    public override long LengthOf(string path) => new FileInfo(path).Length;

    public override void Move(string path, string newPath) => File.Move(path, newPath, overwrite: true);

    public override void Delete(string path) => File.Delete(path);

    public override IReadOnlyList<string> Files(string directory) => Directory.GetFiles(directory);

    public override IReadOnlyList<string> Directories(string directory) => Directory.GetDirectories(directory);

    public override void CreateDirectory(string path) => Directory.CreateDirectory(path);

    public override void MoveDirectory(string path, string newPath) => Directory.Move(path, newPath);

    public override void DeleteDirectory(string path) => Directory.Delete(path, recursive: true);

    public override void SyncDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return; // NTFS keeps its own journal of names, and directories cannot be flushed
        }
        var descriptor = Descriptors.Open(path, () => OpenDirectory(path));
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

    private static int OpenDirectory(string path)
    {
        var descriptor = OpenDescriptor(path, ReadOnly);
        return descriptor >= 0 ? descriptor : throw new IOException(Marshal.GetLastPInvokeErrorMessage(), Marshal.GetLastPInvokeError());
    }

    private static SystemFile Open(string path, FileMode mode) =>
        new(File.OpenHandle(path, mode, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete));

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenDescriptor(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int SyncDescriptor(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int CloseDescriptor(int descriptor);

    private sealed class SystemFile(SafeFileHandle handle) : DiskFile
    {
        public override int Read(Span<byte> destination, long position)
        {
            var total = 0;
            while (total < destination.Length && RandomAccess.Read(handle, destination[total..], position + total) is > 0 and var read)
            {
                total += read;
            }
            return total;
        }

        public override void Write(ReadOnlySpan<byte> bytes, long position) => RandomAccess.Write(handle, bytes, position);

        public override void SetLength(long length) => RandomAccess.SetLength(handle, length);

        public override void Sync() => RandomAccess.FlushToDisk(handle);

        public override void Dispose() => handle.Dispose();
    }
}
