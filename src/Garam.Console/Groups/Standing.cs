using Garam.Console.Languages;
using Garam.Messaging.Health;
using Garam.Operations.Groups;

namespace Garam.Console.Groups;

/// <summary>Why a group stands where it stands in a partition, as far as anybody can tell.</summary>
/// <param name="Level">The colour: ok, warn, bad or idle.</param>
/// <param name="Word">The short of it.</param>
/// <param name="Why">The reason; null where the word says all.</param>
internal sealed record Standing(string Level, string Word, string? Why)
{
    /// <param name="language">The reader's language.</param>
    /// <param name="position">What the broker knows.</param>
    /// <param name="hasMembers">Whether the group has any member.</param>
    /// <param name="endpoint">What the consumer itself says, where it runs in this process; its word counts more than anything seen from outside.</param>
    public static Standing Of(Language language, GroupPosition position, bool hasMembers, PartitionState? endpoint) => endpoint?.State switch
    {
        PartitionActivity.Held => new("bad", language["held", "멈춰 있음"], endpoint.Why),
        PartitionActivity.Waiting => new("warn", language["waiting", "대기 중"], endpoint.Why),
        PartitionActivity.Paused => new("warn", language["paused", "일시 정지"], endpoint.Why),
        PartitionActivity.Draining => new("idle", language["handing over", "인계 중"], endpoint.Why),
        _ => Seen(language, position, hasMembers),
    };

    private static Standing Seen(Language language, GroupPosition position, bool hasMembers) => position switch
    {
        { State: PositionState.Gone or PositionState.NoLeader } => new("bad", language["no partition", "파티션 없음"], language.Note(position.State)),
        { Lag: 0, State: PositionState.BeyondEnd } => new("warn", language["beyond the end", "끝을 지남"], language.Note(position.State)),
        { Lag: 0 } => new("ok", language["caught up", "모두 읽음"], null),
        { MemberId: not null, State: PositionState.Known } => new("ok", language["reading", "읽는 중"], null),
        { MemberId: not null } => new("idle", language["reading", "읽는 중"], language.Note(position.State)),
        _ when hasMembers => new("warn", language["not assigned", "할당 안 됨"], language["The group has members, but none of them reads this partition.", "그룹에 멤버가 있지만 이 파티션을 읽는 멤버는 없습니다."]),
        _ => new("bad", language["nobody reads", "읽는 멤버 없음"], language.Note(position.State)),
    };
}
