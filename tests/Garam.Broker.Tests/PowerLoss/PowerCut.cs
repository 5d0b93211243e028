namespace Garam.Broker.Tests.PowerLoss;

/// <summary>
/// Follows a journal and says what the disk may hold when the power goes. What was synced is there. Of the rest
/// <code>
///  writes of a file      each sector of 512 or 4096 bytes may be there or not, in any order, the length with or without them
///  names of a directory  as they were after some of its changes: file systems keep these in order
///  between files         nothing: each has its own luck
/// </code>
/// </summary>
internal sealed class PowerCut
{
    private readonly Dictionary<DiskNode, State> _states = [];
    private readonly DirectoryNode _root;

    public PowerCut(DirectoryNode root)
    {
        _root = root;
        Adopt(root);
    }

    /// <summary>One more step has happened.</summary>
    public void Follow(DiskStep step)
    {
        switch (step)
        {
            case Link(var directory, _, var node):
                _states.TryAdd(node, new State());
                _states[directory].Pending.Add(step);
                break;
            case Rename(var directory, _, _):
                _states[directory].Pending.Add(step);
                break;
            case Unlink(var directory, _):
                _states[directory].Pending.Add(step);
                break;
            case Write(var file, _, _):
                _states[file].Pending.Add(step);
                break;
            case SetLength(var file, _):
                _states[file].Pending.Add(step);
                break;
            case Sync(var node):
                _states[node].Settle();
                break;
            case FailedSync(var node):
                _states[node].Pending.Clear();
                break;
        }
    }

    /// <summary>A disk as the power cut may have left it; another <paramref name="random"/>, another fate.</summary>
    public DirectoryNode Leave(Random random)
    {
        var fate = random.Next(4) switch
        {
            0 => Fate.AllLost,
            1 => Fate.NothingLost,
            _ => Fate.Mixed,
        };
        return (DirectoryNode)Copy(_root, fate, random);
    }

    private enum Fate
    {
        AllLost,
        NothingLost,
        Mixed,
    }

    /// <summary>What is on a disk at the beginning is there for good.</summary>
    private void Adopt(DiskNode node)
    {
        var state = _states[node] = new State();
        if (node is FileNode file)
        {
            state.Content.Write(file.Content.Span, 0);
            return;
        }
        foreach (var (name, child) in ((DirectoryNode)node).Entries)
        {
            state.Entries[name] = child;
            Adopt(child);
        }
    }

    private DiskNode Copy(DiskNode node, Fate fate, Random random)
    {
        var state = _states[node];
        if (node is FileNode)
        {
            var file = new FileNode();
            file.Content.Write(state.Content.Span, 0);
            state.WritePending(file.Content, fate == Fate.Mixed ? (Fate)random.Next(3) : fate, random);
            return file;
        }
        var kept = fate switch
        {
            Fate.AllLost => 0,
            Fate.NothingLost => state.Pending.Count,
            _ => random.Next(state.Pending.Count + 1),
        };
        var directory = new DirectoryNode();
        foreach (var (name, child) in state.EntriesAfter(kept).OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            directory.Entries[name] = Copy(child, fate, random);
        }
        return directory;
    }

    /// <summary>What of a node is on stable storage, and what is not yet.</summary>
    private sealed class State
    {
        public FileContent Content { get; } = new();

        public Dictionary<string, DiskNode> Entries { get; private set; } = new(StringComparer.Ordinal);

        public List<DiskStep> Pending { get; } = [];

        public void Settle()
        {
            Entries = EntriesAfter(Pending.Count);
            WritePending(Content, Fate.NothingLost, null!);
            Pending.Clear();
        }

        public Dictionary<string, DiskNode> EntriesAfter(int changes)
        {
            var entries = new Dictionary<string, DiskNode>(Entries, StringComparer.Ordinal);
            foreach (var step in Pending.Take(changes))
            {
                switch (step)
                {
                    case Link(_, var name, var node):
                        entries[name] = node;
                        break;
                    case Rename(_, var name, var newName) when entries.Remove(name, out var moved):
                        entries[newName] = moved;
                        break;
                    case Unlink(_, var name):
                        entries.Remove(name);
                        break;
                }
            }
            return entries;
        }

        public void WritePending(FileContent target, Fate fate, Random random)
        {
            if (fate == Fate.AllLost)
            {
                return;
            }
            var sector = fate == Fate.Mixed && random.Next(2) == 0 ? 512 : 4096;
            foreach (var step in Pending)
            {
                switch (step)
                {
                    case SetLength(_, var length) when fate == Fate.NothingLost || random.Next(2) == 0:
                        target.SetLength(length);
                        break;
                    case Write(_, var position, var bytes) when fate == Fate.NothingLost:
                        target.Write(bytes, position);
                        break;
                    case Write(_, var position, var bytes):
                        WriteSome(target, position, bytes, sector, random);
                        break;
                }
            }
        }

        private static void WriteSome(FileContent target, int position, byte[] bytes, int sector, Random random)
        {
            if (random.Next(4) == 0)
            {
                target.SetLength(Math.Max(target.Length, position + bytes.Length)); // the length is kept elsewhere than the bytes
            }
            for (var at = 0; at < bytes.Length;)
            {
                var end = Math.Min(bytes.Length, ((position + at) / sector + 1) * sector - position);
                if (random.Next(2) == 0)
                {
                    target.Write(bytes.AsSpan(at, end - at), position + at);
                }
                at = end;
            }
        }
    }
}
