using System.Diagnostics.CodeAnalysis;
using Garam.Broker.Log;

namespace Garam.Broker.Groups;

/// <summary>
/// The committed offsets of one group. A commit is seen only when its record is durable: what a reader has seen once must not go back
/// after a power cut. Guarded by the group's lock.
/// </summary>
internal sealed class GroupOffsets
{
    private readonly Dictionary<TopicPartition, Entry> _entries = [];

    /// <summary>Nothing is committed, and no commit is on its way to the disk.</summary>
    public bool IsEmpty => _entries.Count == 0;

    /// <summary>The place of a partition, for a commit whose record has been appended but may not be durable yet.</summary>
    public Entry Reserve(TopicPartition partition)
    {
        if (!_entries.TryGetValue(partition, out var entry))
        {
            _entries.Add(partition, entry = new Entry());
        }

        return entry;
    }

    public bool TryGet(TopicPartition partition, [NotNullWhen(true)] out CommittedOffset? committed)
    {
        committed = _entries.GetValueOrDefault(partition)?.Committed;
        return committed is not null;
    }

    public IEnumerable<KeyValuePair<TopicPartition, CommittedOffset>> All()
    {
        foreach (var (partition, entry) in _entries)
        {
            if (entry.Committed is { } committed)
            {
                yield return new(partition, committed);
            }
        }
    }

    /// <summary>Commits that are still on their way keep their entry and end in nothing.</summary>
    public void Remove(TopicPartition partition) => _entries.Remove(partition);

    /// <summary>A commit has failed: its place goes, unless an earlier commit is in it.</summary>
    public void Release(TopicPartition partition)
    {
        if (_entries.TryGetValue(partition, out var entry) && entry.Committed is null)
        {
            _entries.Remove(partition);
        }
    }

    /// <summary>One partition's offset. Acknowledgements may come in any order; the record that lies further behind in the log wins.</summary>
    internal sealed class Entry
    {
        private long _position = -1;

        public CommittedOffset? Committed { get; private set; }

        public void Show(CommittedOffset committed, long position)
        {
            if (position >= _position)
            {
                Committed = committed;
                _position = position;
            }
        }
    }
}
