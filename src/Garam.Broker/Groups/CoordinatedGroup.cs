using Garam.Broker.Timers;

namespace Garam.Broker.Groups;

/// <summary>A group with its offsets, under one lock. The lock is held for memory and for one append to the page cache, never for a disk sync.</summary>
internal sealed class CoordinatedGroup(Group group, GroupOffsets offsets)
{
    public Lock Lock { get; } = new();

    public Group Group { get; } = group;

    public GroupOffsets Offsets { get; } = offsets;

    public string Id => Group.Id;

    /// <summary>The alarm for the group's next deadline. Heartbeats move deadlines away without touching it: it may ring too early, never too late.</summary>
    public TimerQueue.Entry? Alarm { get; set; }

    public TimeSpan AlarmAt { get; set; }
}
