namespace Garam.Broker.Tests.PowerLoss;

/// <summary>A file or a directory, whatever it is called at the moment.</summary>
internal abstract class DiskNode;

internal sealed class FileNode : DiskNode
{
    public FileContent Content { get; } = new();

    public bool IsUnsynced { get; set; }
}

internal sealed class DirectoryNode : DiskNode
{
    public Dictionary<string, DiskNode> Entries { get; } = new(StringComparer.Ordinal);
}

/// <summary>Bytes that grow where they are written; what was skipped is zero.</summary>
internal sealed class FileContent
{
    private byte[] _bytes = [];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Span => _bytes.AsSpan(0, Length);

    public void Write(ReadOnlySpan<byte> bytes, int position)
    {
        SetLength(Math.Max(Length, position + bytes.Length));
        bytes.CopyTo(_bytes.AsSpan(position));
    }

    public void SetLength(int length)
    {
        if (length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(length, _bytes.Length * 2));
        }
        if (length < Length)
        {
            _bytes.AsSpan(length, Length - length).Clear();
        }
        Length = length;
    }
}

/// <summary>One thing that was done to a disk.</summary>
internal abstract record DiskStep
{
    /// <summary>Under which name.</summary>
    public string Path { get; init; } = "";

    public abstract void Apply();
}

internal sealed record Link(DirectoryNode Directory, string Name, DiskNode Node) : DiskStep
{
    public override void Apply() => Directory.Entries[Name] = Node;
}

internal sealed record Rename(DirectoryNode Directory, string Name, string NewName) : DiskStep
{
    public override void Apply()
    {
        Directory.Entries.Remove(Name, out var node);
        Directory.Entries[NewName] = node!;
    }
}

internal sealed record Unlink(DirectoryNode Directory, string Name) : DiskStep
{
    public override void Apply() => Directory.Entries.Remove(Name);
}

internal sealed record Write(FileNode File, int Position, byte[] Bytes) : DiskStep
{
    public override void Apply()
    {
        File.Content.Write(Bytes, Position);
        File.IsUnsynced = true;
    }
}

internal sealed record SetLength(FileNode File, int Length) : DiskStep
{
    public override void Apply() => File.Content.SetLength(Length);
}

/// <summary>fsync of a file or of a directory.</summary>
internal sealed record Sync(DiskNode Node) : DiskStep
{
    public override void Apply()
    {
        if (Node is FileNode file)
        {
            file.IsUnsynced = false;
        }
    }
}

/// <summary>An fsync that said no: what it should have written may be gone, and no later one brings it back.</summary>
internal sealed record FailedSync(DiskNode Node) : DiskStep
{
    public override void Apply() { }
}

/// <summary>Not of the disk: from here on somebody outside relies on what was done.</summary>
internal sealed record Promise(Action<Promises> Make) : DiskStep
{
    public override void Apply() { }
}
