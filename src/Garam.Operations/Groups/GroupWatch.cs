namespace Garam.Operations.Groups;

/// <summary>What was concluded about a group.</summary>
/// <param name="State">The most serious state of its partitions.</param>
/// <param name="Partitions">The state of each, in the order of the positions.</param>
public sealed record GroupReading(ReadingState State, IReadOnlyList<ReadingState> Partitions);

/// <summary>
/// Judges groups by how their positions move from one look to the next, for each partition: one partition that does not move is not hidden by others
/// that do. How much lag is too much differs from group to group, but a position that does not move while records are unread is wrong for all of them.
/// Keeps a few numbers per partition. Thread-safe.
/// </summary>
/// <param name="time">Null: the system's clock.</param>
public sealed class GroupWatch(TimeProvider? time = null)
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(15);

    private readonly Lock _lock = new();
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly Dictionary<string, Watched> _groups = new(StringComparer.Ordinal);

    /// <summary>Remembers a look at a group and judges the group by this look and the earlier ones.</summary>
    public GroupReading Observe(GroupLag group) => group.Failure is null
        ? Observe(group.Name, group.State, group.Members, group.Positions)
        : new GroupReading(ReadingState.Watching, []);

    /// <inheritdoc cref="Observe(GroupLag)"/>
    public GroupReading Observe(GroupDetail group) => Observe(group.Name, group.State, group.Members.Count, group.Positions);

    /// <summary>Forgets groups that have not been seen for a quarter of an hour.</summary>
    public void ForgetOld()
    {
        var now = _time.GetUtcNow();
        lock (_lock)
        {
            foreach (var (name, group) in _groups)
            {
                if (now - group.At > Kept)
                    _groups.Remove(name);
            }
        }
    }

    private GroupReading Observe(string name, string state, int members, IReadOnlyList<GroupPosition> positions)
    {
        var now = _time.GetUtcNow();
        Dictionary<(string, int), PartitionWatch> watches = [];
        lock (_lock)
        {
            var before = _groups.GetValueOrDefault(name)?.Partitions;
            foreach (var position in positions)
            {
                var key = (position.Topic, position.Partition);
                var watch = watches[key] = before?.GetValueOrDefault(key) ?? new PartitionWatch();
                watch.Add(now, position);
            }

            _groups[name] = new Watched(now, watches);
            ReadingState[] judged = [.. positions.Select(position => watches[(position.Topic, position.Partition)].Judge(position, members > 0, state == "Stable"))];
            return new GroupReading(judged.Worst(WithoutPartitions(state, members)), judged);
        }
    }

    // It has committed nothing and owns nothing: a group that is idle, that is being formed, or whose topics do not exist.
    private static ReadingState WithoutPartitions(string state, int members) => members == 0 ? ReadingState.CaughtUp : state == "Stable" ? ReadingState.Unassigned : ReadingState.Watching;

    private sealed record Watched(DateTimeOffset At, Dictionary<(string Topic, int Partition), PartitionWatch> Partitions);
}
