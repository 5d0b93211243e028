using Garam.Broker.Log;

namespace Garam.Broker.Groups;

/// <summary>What is left of <c>__consumer_offsets</c> when all of it has been read: the last word on every key.</summary>
internal sealed class GroupReplay
{
    private readonly Dictionary<string, GroupSnapshot> _groups = new(StringComparer.Ordinal);
    private readonly Dictionary<string, GroupOffsets> _offsets = new(StringComparer.Ordinal);

    public void Group(string id, GroupSnapshot? snapshot)
    {
        if (snapshot is null)
        {
            _groups.Remove(id);
        }
        else
        {
            _groups[id] = snapshot;
        }
    }

    public void Offset(string group, TopicPartition partition, CommittedOffset? committed, long position)
    {
        if (!_offsets.TryGetValue(group, out var offsets))
        {
            _offsets.Add(group, offsets = new GroupOffsets());
        }

        if (committed is null)
        {
            offsets.Remove(partition);
        }
        else
        {
            offsets.Reserve(partition, committed.TopicId).Show(committed, position);
        }
    }

    /// <summary>Every group that has a record or an offset left.</summary>
    public IEnumerable<(string Id, GroupSnapshot? Snapshot, GroupOffsets Offsets)> Result()
    {
        foreach (var id in _groups.Keys.Union(_offsets.Keys))
        {
            var snapshot = _groups.GetValueOrDefault(id);
            var offsets = _offsets.GetValueOrDefault(id) ?? new GroupOffsets();
            if (snapshot is not null || !offsets.IsEmpty)
            {
                yield return (id, snapshot, offsets);
            }
        }
    }
}
