namespace Garam.Content.Cache;

/// <summary>What was read of a post: null says that it cannot be seen.</summary>
/// <param name="Post">The visible post, or null.</param>
/// <param name="ReadAt">Timestamp of the clock when it was read.</param>
/// <param name="Since">Since when this answer is here: reading the same again does not change it. UTC.</param>
internal sealed record CacheEntry(PostRendition? Post, long ReadAt, DateTimeOffset Since)
{
    /// <summary>Objects, references and the table's slot: an estimate.</summary>
    private const int Overhead = 400;

    public long Bytes { get; } = Overhead + (Post is null ? 0 : 2L * (Post.Title.Length + Post.Content.Length + Post.Tags.Sum(tag => tag.Length + 16)));
}

/// <summary>Entries within a bound of memory; the least recently used goes first. Not safe for threads: its owner locks.</summary>
internal sealed class RecentlyUsed(long maxBytes)
{
    private readonly Dictionary<long, LinkedListNode<(long Id, CacheEntry Entry)>> _nodes = [];
    private readonly LinkedList<(long Id, CacheEntry Entry)> _byUse = new();
    private long _bytes;

    public CacheEntry? Peek(long id) => _nodes.GetValueOrDefault(id)?.Value.Entry;

    public CacheEntry? Get(long id)
    {
        if (!_nodes.TryGetValue(id, out var node))
        {
            return null;
        }

        _byUse.Remove(node);
        _byUse.AddFirst(node);
        return node.Value.Entry;
    }

    public void Set(long id, CacheEntry entry)
    {
        Remove(id);
        _nodes[id] = _byUse.AddFirst((id, entry));
        _bytes += entry.Bytes;
        while (_bytes > maxBytes && _byUse.Last is { } oldest)
        {
            Remove(oldest.Value.Id);
        }
    }

    public void Remove(long id)
    {
        if (_nodes.Remove(id, out var node))
        {
            _byUse.Remove(node);
            _bytes -= node.Value.Entry.Bytes;
        }
    }
}
