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

    /// <summary>
    /// The place of a partition, for a commit whose record has been appended but may not be durable yet. Offsets of a deleted topic of the same name are no longer
    /// seen from here on. Each reservation ends with <see cref="Entry.Show"/> or <see cref="Cancel"/>.
    /// </summary>
    public Entry Reserve(TopicPartition partition, Guid topicId)
    {
        if (!_entries.TryGetValue(partition, out var entry) || !entry.IsOf(topicId))
        {
            _entries[partition] = entry = new Entry();
        }

        entry.Reserve(topicId);
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

    /// <summary>The partitions, committed or with a commit on its way, whose topic matches.</summary>
    public List<TopicPartition> OfTopics(Func<TopicPartition, Guid, bool> matches) =>
        [.. _entries.Where(entry => matches(entry.Key, entry.Value.TopicId)).Select(entry => entry.Key)];

    /// <summary>Removes a partition. Commits that are on their way keep their entry and are never seen.</summary>
    public void Remove(TopicPartition partition) => _entries.Remove(partition);

    /// <summary>A commit has failed: its place is removed, unless it holds an earlier commit or another one is on its way.</summary>
    public void Cancel(TopicPartition partition, Entry entry)
    {
        entry.Cancel();
        if (entry.IsUnused && _entries.GetValueOrDefault(partition) == entry)
        {
            _entries.Remove(partition);
        }
    }

    /// <summary>One partition's offset. Acknowledgements may come in any order; the record with the greater offset in the log wins.</summary>
    internal sealed class Entry
    {
        private long _position = -1;
        private int _reservations;

        public CommittedOffset? Committed { get; private set; }

        /// <summary>The topic that the offsets are of; empty when no commit has said it.</summary>
        public Guid TopicId { get; private set; }

        public bool IsUnused => Committed is null && _reservations == 0;

        public bool IsOf(Guid topicId) => topicId == TopicId || topicId == Guid.Empty || TopicId == Guid.Empty;

        public void Reserve(Guid topicId)
        {
            _reservations++;
            TopicId = topicId == Guid.Empty ? TopicId : topicId;
        }

        public void Cancel() => _reservations--;

        public void Show(CommittedOffset committed, long position)
        {
            _reservations--;
            if (position >= _position)
            {
                Committed = committed;
                _position = position;
            }
        }
    }
}
