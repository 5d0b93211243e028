using Garam.CommandLine;
using Garam.Operations.Groups;
using Garam.Operations.Topics;

namespace Garam.Groups;

/// <summary>What is known of a group, in a sentence.</summary>
internal static class GroupDiagnosis
{
    public static string Of(GroupDetail group, ReadingState state)
    {
        var word = Watching.Word(state) is { Length: > 0 } known ? $"{group.State}, {known}" : group.State;
        var advice = state switch
        {
            ReadingState.Stopped => " Start its consumer.",
            ReadingState.Unassigned when group.Positions.FirstOrDefault(position => position.MemberId is null) is { } orphan =>
                $" No member owns partition {orphan.Partition} of {Cells.Visible(orphan.Topic)}.",
            ReadingState.Watching => " To see whether it advances: --watch 20s",
            _ => "",
        };
        return $"{word}, {Words.Count(group.Members.Count, "member")}: {Unread(group)}.{advice}";
    }

    /// <summary>What is special about a position; empty where nothing is.</summary>
    public static string Note(PositionState state) => state switch
    {
        PositionState.NothingCommitted => "nothing committed: its consumers choose where to begin (auto.offset.reset)",
        PositionState.BeforeStart => "records after the committed offset have been deleted",
        PositionState.BeyondEnd => "the committed offset is after the end of the log",
        PositionState.Gone => "the partition no longer exists",
        PositionState.NoLeader => "the partition has no leader",
        _ => "",
    };

    private static string Unread(GroupDetail group)
    {
        var gap = group.Coverage.Gap?.English;
        if (group.Lag is not { } lag)
            return gap ?? "it has committed nothing";
        var about = group.Gaps is OffsetGaps.None ? "" : "≈ ";
        var known = lag == 0 ? "nothing unread" : $"{about}{Words.Count(lag, "record")} unread{(group.Behind is { } behind ? $", the oldest {TimeText.Of(behind)} old" : "")}";
        return gap is null ? known : $"{known}; {gap}";
    }
}
