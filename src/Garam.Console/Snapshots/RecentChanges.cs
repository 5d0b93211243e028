namespace Garam.Console.Snapshots;

/// <summary>What came, went and changed between the looks of this console: a log of what nobody writes down.</summary>
internal sealed class RecentChanges
{
    private const int Kept = 12;

    private readonly LinkedList<Change> _changes = [];

    /// <summary>The newest first.</summary>
    public IReadOnlyList<Change> All
    {
        get
        {
            lock (_changes)
                return [.. _changes];
        }
    }

    public void Compare(Snapshot before, Snapshot after)
    {
        if (!before.IsKnown)
            return;
        lock (_changes)
        {
            foreach (var what in Topics(before, after).Concat(Groups(before, after)).Take(Kept))
                _changes.AddFirst(new Change(after.At, what.What, what.Href));
            while (_changes.Count > Kept)
                _changes.RemoveLast();
        }
    }

    private static IEnumerable<(Said What, string? Href)> Topics(Snapshot before, Snapshot after)
    {
        var old = before.Topics.ToDictionary(topic => topic.Name);
        foreach (var topic in after.Topics)
        {
            var href = $"/console/topics/{Uri.EscapeDataString(topic.Name)}";
            if (!old.Remove(topic.Name, out var was))
                yield return (new($"Topic {topic.Name} was created", $"토픽 {topic.Name} 생성됨"), href);
            else if (was.Partitions != topic.Partitions)
                yield return (new($"Topic {topic.Name} has {Words.Count(topic.Partitions, "partition")}, before {was.Partitions}", $"토픽 {topic.Name}의 파티션이 {was.Partitions}개에서 {topic.Partitions}개로 변경됨"), href);
        }

        foreach (var gone in old.Keys)
            yield return (new($"Topic {gone} was deleted", $"토픽 {gone} 삭제됨"), null);
    }

    private static IEnumerable<(Said What, string? Href)> Groups(Snapshot before, Snapshot after)
    {
        var old = before.Groups.ToDictionary(group => group.Name);
        foreach (var group in after.Groups)
        {
            var href = $"/console/group?name={Uri.EscapeDataString(group.Name)}";
            if (!old.Remove(group.Name, out var was))
                yield return (new($"Group {group.Name} appeared", $"컨슈머 그룹 {group.Name} 추가됨"), href);
            else if (was.Members != group.Members)
                yield return (new($"Group {group.Name} has {Words.Count(group.Members, "member")}, before {was.Members}", $"컨슈머 그룹 {group.Name}의 멤버가 {was.Members}개에서 {group.Members}개로 변경됨"), href);
        }

        foreach (var gone in old.Keys)
            yield return (new($"Group {gone} is gone", $"컨슈머 그룹 {gone} 삭제됨"), null);
    }
}

/// <summary>One change, and when the console first saw it.</summary>
/// <param name="At">The look that saw it.</param>
/// <param name="What">What changed.</param>
/// <param name="Href">Where it can be looked at; null where it is gone.</param>
internal sealed record Change(DateTimeOffset At, Said What, string? Href);
