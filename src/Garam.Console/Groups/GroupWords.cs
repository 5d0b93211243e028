using Garam.Console.Elements;
using Garam.Console.Languages;
using Garam.Operations.Groups;

namespace Garam.Console.Groups;

/// <summary>What the states of a group are called, and what each means to somebody who has not met it.</summary>
internal static class GroupWords
{
    /// <summary>Kafka's states in the order of a group's life: what the filter offers.</summary>
    public static readonly IReadOnlyList<string> States = ["Stable", "PreparingRebalance", "CompletingRebalance", "Empty", "Dead"];

    public static string Word(this Language language, ReadingState state) => language[state.Words().Word];

    public static string Why(this Language language, ReadingState state) => language[state.Words().Why];

    /// <summary>The colour that goes with the word.</summary>
    public static string Level(this ReadingState state) => state.Words().Level.Css();

    public static string State(this Language language, string state) => state switch
    {
        "Stable" => language["stable", "안정"],
        "PreparingRebalance" => language["rebalancing", "리밸런싱"],
        "CompletingRebalance" => language["assigning", "할당 중"],
        "Empty" => language["no members", "멤버 없음"],
        "Dead" => language["gone", "삭제됨"],
        _ => state,
    };

    public static string WhyState(this Language language, string state) => state switch
    {
        "Stable" => language["Every member has its partitions.", "모든 멤버에게 파티션이 할당되어 있습니다."],
        "PreparingRebalance" => language["A member came or went: the group waits until all have joined again.", "멤버가 참여하거나 탈퇴했습니다. 모든 멤버가 다시 참여할 때까지 기다립니다."],
        "CompletingRebalance" or "Assigning" or "Reconciling" => language["Partitions are being handed out to the members.", "멤버에게 파티션을 할당하고 있습니다."],
        "Empty" => language["Nobody reads, but the group's positions are kept.", "멤버는 없지만 커밋된 오프셋은 유지됩니다."],
        "Dead" => language["The group has neither members nor positions.", "멤버도 커밋된 오프셋도 없는 그룹입니다."],
        _ => language["A state that this console does not know.", "알 수 없는 상태입니다."],
    };

    public static string? Note(this Language language, PositionState state) => state switch
    {
        PositionState.NothingCommitted => language["Nothing committed yet: its consumers choose where to begin (auto.offset.reset).", "아직 커밋된 오프셋이 없습니다. 시작 위치는 컨슈머의 auto.offset.reset 설정에 따라 정해집니다."],
        PositionState.BeforeStart => language["The records at its position are deleted: lag counts from the oldest that is left.", "커밋된 오프셋의 레코드는 이미 삭제되었습니다. 지연은 남아 있는 가장 오래된 레코드부터 계산합니다."],
        PositionState.BeyondEnd => language[ReadingState.BeyondEnd.Words().Why],
        PositionState.Gone => language[ReadingState.Gone.Words().Why],
        PositionState.NoLeader => language[ReadingState.NoLeader.Words().Why],
        _ => null,
    };

    public static string? Note(this Language language, ResetNote note) => note switch
    {
        ResetNote.NoRecordSince => language["No record since that time: the end.", "해당 시각 이후의 레코드가 없어 끝으로 이동합니다."],
        ResetNote.MovedToStart => language["Before the oldest record that is left: the start.", "남아 있는 가장 오래된 레코드보다 앞이므로 처음으로 이동합니다."],
        ResetNote.MovedToEnd => language["Beyond the end: the end.", "끝을 벗어나므로 끝으로 이동합니다."],
        _ => null,
    };
}
