namespace Garam.Console.Groups;

/// <summary>How a group is doing, in one word.</summary>
public enum GroupVerdict
{
    /// <summary>Seen for too short a time to say.</summary>
    Unknown,

    /// <summary>Caught up, or catching up.</summary>
    Ok,

    /// <summary>It reads, and its lag never shrinks.</summary>
    FallingBehind,

    /// <summary>It has members and unread records, and its positions do not move.</summary>
    Stalled,

    /// <summary>It has unread records and nobody to read them.</summary>
    Stopped,

    /// <summary>Its positions went back.</summary>
    Rewound,
}

/// <summary>A group at one moment: what a verdict is made of.</summary>
/// <param name="At">When it was looked at.</param>
/// <param name="Lag">Unread records, over all partitions.</param>
/// <param name="Committed">Sum of its positions: it moves when any of them does.</param>
/// <param name="Members">How many consumers it has.</param>
internal readonly record struct GroupSample(DateTimeOffset At, long Lag, long Committed, int Members);

/// <summary>
/// Judges a group by what it does and not by a number: how much lag is too much is different for every group, but a position that does not move
/// while records wait is wrong for all of them. The rules are those of LinkedIn's Burrow, on the samples that the console has. One is asked earlier: that nobody is there, for that the console knows.
/// </summary>
internal static class GroupVerdicts
{
    /// <summary>How far back the rules look.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Less than this is not enough to say that nothing moves: clients commit every five seconds unless they are told otherwise.
    /// </summary>
    private static readonly TimeSpan Enough = TimeSpan.FromSeconds(15);

    /// <param name="samples">Oldest first; older ones than <see cref="Window"/> are left out.</param>
    public static GroupVerdict Of(IReadOnlyList<GroupSample> samples)
    {
        if (samples.Count == 0)
            return GroupVerdict.Unknown;
        var now = samples[^1];
        if (now.Lag == 0)
            return GroupVerdict.Ok;

        var seen = samples.Where(sample => now.At - sample.At <= Window).ToList();
        if (now.Members == 0)
            return GroupVerdict.Stopped;
        if (Pairs(seen).Any(pair => pair.Later.Committed < pair.Earlier.Committed))
            return GroupVerdict.Rewound;
        if (seen.Exists(sample => sample.Lag == 0))
            return GroupVerdict.Ok;
        if (now.At - seen[0].At < Enough)
            return GroupVerdict.Unknown;
        if (now.Committed == seen[0].Committed)
            return GroupVerdict.Stalled;
        return Pairs(seen).Any(pair => pair.Later.Lag < pair.Earlier.Lag) ? GroupVerdict.Ok : GroupVerdict.FallingBehind;
    }

    private static IEnumerable<(GroupSample Earlier, GroupSample Later)> Pairs(List<GroupSample> samples) => samples.Zip(samples.Skip(1));
}
