using Garam.Console.Languages;
using Garam.Operations.Groups;

namespace Garam.Console.Groups;

/// <summary>What the states of a group are called, and what each means to somebody who has not met it.</summary>
internal static class GroupWords
{
    /// <summary>Kafka's states in the order of a group's life: what the filter offers.</summary>
    public static readonly IReadOnlyList<string> States = ["Stable", "PreparingRebalance", "CompletingRebalance", "Empty", "Dead"];

    public static string Verdict(this Language language, GroupVerdict verdict) => verdict switch
    {
        GroupVerdict.Ok => language["OK", "정상"],
        GroupVerdict.FallingBehind => language["falling behind", "뒤처지는 중"],
        GroupVerdict.Stalled => language["stalled", "멈춤"],
        GroupVerdict.Stopped => language["stopped", "중단됨"],
        GroupVerdict.Rewound => language["rewound", "되감김"],
        _ => language["watching", "관찰 중"],
    };

    public static string Why(this Language language, GroupVerdict verdict) => verdict switch
    {
        GroupVerdict.Ok => language["Everything is read, or the lag shrinks.", "모두 읽었거나 지연이 줄어들고 있습니다."],
        GroupVerdict.FallingBehind => language["It reads, but records come faster: the lag has not shrunk for two minutes.", "읽고 있지만 레코드가 더 빨리 쌓입니다. 2분 동안 지연이 줄지 않았습니다."],
        GroupVerdict.Stalled => language["It has members and unread records, and its positions do not move.", "멤버와 읽지 않은 레코드가 있는데 위치가 움직이지 않습니다."],
        GroupVerdict.Stopped => language["Records wait, and the group has no member that would read them.", "레코드가 쌓여 있지만 읽을 멤버가 없습니다."],
        GroupVerdict.Rewound => language["Its positions went back a moment ago: records are read again.", "방금 위치가 뒤로 돌아갔습니다. 레코드를 다시 읽습니다."],
        _ => language["Seen for too short a time to say: look again in a quarter of a minute.", "관찰한 시간이 아직 짧습니다. 15초쯤 뒤에 다시 보세요."],
    };

    /// <summary>The colour that goes with the word.</summary>
    public static string Level(this GroupVerdict verdict) => verdict switch
    {
        GroupVerdict.Ok => "ok",
        GroupVerdict.FallingBehind or GroupVerdict.Rewound => "warn",
        GroupVerdict.Stalled or GroupVerdict.Stopped => "bad",
        _ => "idle",
    };

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
        "Stable" => language["Every member has its partitions and reads.", "모든 멤버가 파티션을 할당받아 읽고 있습니다."],
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
        PositionState.BeyondEnd => language["Its position lies after the end, as after a topic was made anew.", "위치가 끝보다 뒤에 있습니다. 토픽을 다시 만든 경우에 그렇습니다."],
        PositionState.Gone => language["There is no such partition any more.", "더 이상 없는 파티션입니다."],
        PositionState.NoLeader => language["Nobody leads the partition now: its end is not known.", "파티션 리더가 없어 끝을 알 수 없습니다."],
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
