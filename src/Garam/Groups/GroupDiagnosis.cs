using Garam.CommandLine;
using Garam.Operations.Groups;

namespace Garam.Groups;

/// <summary>What one look at a group says about it, in a sentence.</summary>
internal static class GroupDiagnosis
{
    public static string Of(GroupDetail group)
    {
        var waiting = group.Lag is > 0
            ? $"{Words.Count(group.Lag.Value, "record")} wait{(group.Lag == 1 ? "s" : "")}{(group.Behind is { } behind ? $", the oldest for {TimeText.Of(behind)}" : "")}"
            : group.Lag is 0 ? "nothing waits" : "how much waits is not known";
        var members = Words.Count(group.Members.Count, "member");
        return group switch
        {
            { Members.Count: 0, Lag: > 0 } => $"{group.State}, nobody reads: {waiting}. Start its consumer.",
            { Members.Count: 0 } => $"{group.State}, nobody reads; {waiting}.",
            { State: "Stable", Lag: > 0 } when group.Positions.FirstOrDefault(position => position is { Lag: > 0, MemberId: null }) is { } orphan =>
                $"{group.State}, {members}; {waiting}. Nobody owns partition {orphan.Partition} of {Cells.Visible(orphan.Topic)}.",
            _ => $"{group.State}, {members}; {waiting}.",
        };
    }

    /// <summary>What is special about a position; null where nothing is.</summary>
    public static string? Note(PositionState state) => state switch
    {
        PositionState.NothingCommitted => "nothing committed yet",
        PositionState.BeforeStart => "records after the committed offset are gone",
        PositionState.BeyondEnd => "the committed offset lies beyond the end",
        PositionState.Gone => "no such partition any more",
        PositionState.NoLeader => "nobody leads the partition",
        _ => "",
    };
}
