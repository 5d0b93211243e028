using Garam.Broker.Log;

namespace Garam.Broker.Tests.PowerLoss;

/// <summary>
/// A disk in memory that writes down everything that is done to it, so that a test can ask afterwards what any power cut on the way would have left
/// (<see cref="PowerCut"/>). It can also be made to fail.
/// </summary>
internal sealed class SimulatedDisk(DirectoryNode root) : Disk
{
    private readonly Lock _gate = new();

    /// <summary>What was done, in order.</summary>
    public List<DiskStep> Journal { get; } = [];

    /// <summary>Files whose last handle was closed before what it had written was synced: the kernel may have nobody to report an error of writing back to.</summary>
    public List<string> ClosedUnsynced { get; } = [];

    /// <summary>Called before a file is opened, with its path.</summary>
    public Action<string>? Opening { get; set; }

    /// <summary>Asked before everything that changes the disk; what it returns is thrown. A write may have got half-way by then.</summary>
    public Func<DiskStep, IOException?>? Failure { get; set; }

    /// <summary>Called before a failure is thrown.</summary>
    public Action? Failing { get; set; }

    /// <summary>Asked before a file is opened; what it returns is thrown.</summary>
    public Func<string, IOException?>? OpenFailure { get; set; }

    public override DiskFile Create(string path)
    {
        lock (_gate)
        {
            var (directory, name) = Parent(path);
            if (directory.Entries.TryGetValue(name, out var there))
            {
                Do(new SetLength((FileNode)there, 0), path);
                return new SimulatedFile(this, (FileNode)there, path);
            }
            var made = new FileNode();
            Do(new Link(directory, name, made), path);
            return new SimulatedFile(this, made, path);
        }
    }

    public override DiskFile Open(string path)
    {
        Opening?.Invoke(path);
        if (OpenFailure?.Invoke(path) is { } failure)
        {
            throw failure;
        }
        lock (_gate)
        {
            return new SimulatedFile(this, Find(path) as FileNode ?? throw new FileNotFoundException(path), path);
        }
    }

    public override bool Exists(string path)
    {
        lock (_gate)
        {
            return Find(path) is FileNode;
        }
    }

    public override bool DirectoryExists(string path)
    {
        lock (_gate)
        {
            return Find(path) is DirectoryNode;
        }
    }

    public override long LengthOf(string path)
    {
        lock (_gate)
        {
            return (Find(path) as FileNode)?.Content.Length ?? throw new FileNotFoundException(path);
        }
    }

    public override void Move(string path, string newPath) => Rename(path, newPath);

    public override void MoveDirectory(string path, string newPath) => Rename(path, newPath);

    public override void Delete(string path)
    {
        lock (_gate)
        {
            var (directory, name) = Parent(path);
            if (directory.Entries.ContainsKey(name))
            {
                Do(new Unlink(directory, name), path);
            }
        }
    }

    public override IReadOnlyList<string> Files(string directory) => Children<FileNode>(directory);

    public override IReadOnlyList<string> Directories(string directory) => Children<DirectoryNode>(directory);

    public override void CreateDirectory(string path)
    {
        lock (_gate)
        {
            if (Find(path) is null)
            {
                var (directory, name) = Parent(path);
                Do(new Link(directory, name, new DirectoryNode()), path);
            }
        }
    }

    public override void DeleteDirectory(string path)
    {
        lock (_gate)
        {
            var (parent, name) = Parent(path);
            var directory = Find(path) as DirectoryNode ?? throw new DirectoryNotFoundException(path);
            foreach (var entry in directory.Entries.Keys.Order(StringComparer.Ordinal).ToList())
            {
                Do(new Unlink(directory, entry), path);
            }
            Do(new Unlink(parent, name), path);
        }
    }

    public override void SyncDirectory(string path)
    {
        lock (_gate)
        {
            Do(new Sync(Find(path) ?? throw new DirectoryNotFoundException(path)), path);
        }
    }

    private void Rename(string path, string newPath)
    {
        lock (_gate)
        {
            var (directory, name) = Parent(path);
            var (target, newName) = Parent(newPath);
            if (target != directory)
            {
                throw new NotSupportedException("the logs rename within a directory only");
            }
            if (!directory.Entries.ContainsKey(name))
            {
                throw new FileNotFoundException(path);
            }
            Do(new Rename(directory, name, newName), path);
        }
    }

    private void Do(DiskStep step, string path)
    {
        step = step with { Path = path };
        if (Failure?.Invoke(step) is { } failure)
        {
            if (step is Sync sync)
            {
                Journal.Add(new FailedSync(sync.Node) { Path = path });
            }
            else if (step is Write { Bytes.Length: > 1 } write)
            {
                Do(write with { Bytes = write.Bytes[..(write.Bytes.Length / 2)] });
            }
            Failing?.Invoke();
            throw failure;
        }
        Do(step);
    }

    private void Do(DiskStep step)
    {
        Journal.Add(step);
        step.Apply();
    }

    private List<string> Children<T>(string path)
        where T : DiskNode
    {
        lock (_gate)
        {
            return Find(path) is DirectoryNode directory
                ? [.. directory.Entries.Where(entry => entry.Value is T).Select(entry => Path.Combine(path, entry.Key)).Order(StringComparer.Ordinal)]
                : throw new DirectoryNotFoundException(path);
        }
    }

    private DiskNode? Find(string path)
    {
        DiskNode? node = root;
        foreach (var name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            node = (node as DirectoryNode)?.Entries.GetValueOrDefault(name);
        }
        return node;
    }

    private (DirectoryNode Directory, string Name) Parent(string path) =>
        (Find(Path.GetDirectoryName(path)!) as DirectoryNode ?? throw new DirectoryNotFoundException(path), Path.GetFileName(path));

    private sealed class SimulatedFile(SimulatedDisk disk, FileNode node, string path) : DiskFile
    {
        private bool _closed;

        public override int Read(Span<byte> destination, long position)
        {
            lock (disk._gate)
            {
                ObjectDisposedException.ThrowIf(_closed, this);
                var there = node.Content.Span;
                var count = (int)Math.Clamp(there.Length - position, 0, destination.Length);
                there.Slice((int)Math.Min(position, there.Length), count).CopyTo(destination);
                return count;
            }
        }

        public override void Write(ReadOnlySpan<byte> bytes, long position) => Do(new Write(node, (int)position, bytes.ToArray()));

        public override void SetLength(long length) => Do(new SetLength(node, (int)length));

        public override void Sync() => Do(new Sync(node));

        public override void Dispose()
        {
            lock (disk._gate)
            {
                if (!_closed && node.IsUnsynced)
                {
                    disk.ClosedUnsynced.Add(path);
                }
                _closed = true;
            }
        }

        private void Do(DiskStep step)
        {
            lock (disk._gate)
            {
                ObjectDisposedException.ThrowIf(_closed, this);
                disk.Do(step, path);
            }
        }
    }
}
