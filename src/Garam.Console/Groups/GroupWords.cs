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
        "Dead" => language["gone", "없어짐"],
        _ => state,
    };

    public static string WhyState(this Language language, string state) => state switch
    {
        "Stable" => language["Every member has its partitions.", "모든 멤버에게 파티션이 할당되어 있습니다."],
        "PreparingRebalance" => language["A member came or went: the group waits until all have joined again.", "멤버가 들어오거나 나갔습니다. 모두 다시 참여하기를 기다립니다."],
        "CompletingRebalance" or "Assigning" or "Reconciling" => language["Partitions are being handed out to the members.", "파티션을 멤버에게 나누어 주고 있습니다."],
        "Empty" => language["Nobody reads, but the group's positions are kept.", "읽는 멤버는 없지만 그룹의 위치는 보존됩니다."],
        "Dead" => language["The group has neither members nor positions.", "멤버도 위치도 없는 그룹입니다."],
        _ => language["A state that this console does not know.", "이 콘솔이 모르는 상태입니다."],
    };

    public static string? Note(this Language language, PositionState state) => state switch
    {
        PositionState.NothingCommitted => language["Nothing committed yet: its consumers choose where to begin (auto.offset.reset).", "아직 커밋이 없습니다. 시작 위치는 컨슈머가 정합니다(auto.offset.reset)."],
        PositionState.BeforeStart => language["The records at its position are deleted: lag counts from the oldest that is left.", "현재 위치의 레코드는 삭제되었습니다. 남아 있는 가장 오래된 레코드부터 지연을 셉니다."],
        PositionState.BeyondEnd => language[ReadingState.BeyondEnd.Words().Why],
        PositionState.Gone => language[ReadingState.Gone.Words().Why],
        PositionState.NoLeader => language[ReadingState.NoLeader.Words().Why],
        _ => null,
    };

    public static string? Note(this Language language, ResetNote note) => note switch
    {
        ResetNote.NoRecordSince => language["No record since that time: the end.", "그 시각 이후의 레코드가 없어 끝으로 갑니다."],
        ResetNote.MovedToStart => language["Before the oldest record that is left: the start.", "남아 있는 가장 오래된 레코드보다 앞이라 처음으로 갑니다."],
        ResetNote.MovedToEnd => language["Beyond the end: the end.", "끝보다 뒤라 끝으로 갑니다."],
        _ => null,
    };
}
