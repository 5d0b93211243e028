using System.Text.Json.Serialization;

namespace Garam.Operations.Groups;

/// <summary>
/// Which partitions the lag of a group counts. Where a group has committed nothing it begins where its consumers' <c>auto.offset.reset</c> says, which the
/// broker does not know: all records of such a partition may be unread, or none.
/// </summary>
/// <param name="Partitions">Partitions of the topics in which the group has committed or owns partitions; those of deleted topics are not counted.</param>
/// <param name="Committed">Those in which it has committed.</param>
/// <param name="Uncommitted">Records in the others, counted in offsets: so many more may be unread.</param>
/// <param name="OldestUncommitted">Age of the oldest of them; null where there is none, or it is not known.</param>
/// <param name="Leaderless">Partitions without a leader, of which nothing is known.</param>
public sealed record LagCoverage(int Partitions, int Committed, long Uncommitted, TimeSpan? OldestUncommitted, int Leaderless)
{
    /// <summary>Whether the lag is all that can be unread.</summary>
    [JsonIgnore]
    public bool IsComplete => Uncommitted == 0 && Leaderless == 0;

    /// <summary>What the lag does not count, in one sentence; null where it counts everything.</summary>
    [JsonIgnore]
    public LocalizedText? Gap => (Uncommitted, Leaderless) switch
    {
        (0, 0) => null,
        (0, _) => new(WithoutLeader, WithoutLeaderKorean),
        (_, 0) => new(WithoutCommit, WithoutCommitKorean),
        _ => new($"{WithoutCommit}; {WithoutLeader}", $"{WithoutCommitKorean}, {WithoutLeaderKorean}"),
    };

    /// <summary>Records that may be unread in all, where <paramref name="lag"/> of them are known to be.</summary>
    public long? AtMost(long? lag) => lag is null && Uncommitted == 0 ? null : (lag ?? 0) + Uncommitted;

    /// <summary>Of one position.</summary>
    public static LagCoverage Of(GroupPosition position) => Of([position]);

    internal static LagCoverage Of(IEnumerable<GroupPosition> positions)
    {
        var there = positions.Where(position => position.State is not PositionState.Gone).ToList();
        var open = there.Where(position => position.Uncommitted > 0).ToList();
        return new LagCoverage(
            there.Count, there.Count(position => position.Committed is not null), open.Sum(position => position.Uncommitted), open.Max(position => position.Behind),
            there.Count(position => position.State is PositionState.NoLeader));
    }

    private int Others => Partitions - Committed;

    private string WithoutCommit =>
        $"committed in {Words.Number(Committed)} of {Words.Count(Partitions, "partition")}; the {Words.Of(Others, "other holds", $"other {Words.Number(Others)} hold")} {Words.Count(Uncommitted, "record")}";

    private string WithoutCommitKorean => $"파티션 {Words.Number(Partitions)}개 중 {Words.Number(Committed)}개에만 커밋이 있고, 나머지 {Words.Number(Others)}개에 레코드 {Words.Number(Uncommitted)}건이 있음";

    private string WithoutLeader => $"{Words.Count(Leaderless, "partition")} without a leader {Words.Of(Leaderless, "is", "are")} not counted";

    private string WithoutLeaderKorean => $"리더가 없는 파티션 {Words.Number(Leaderless)}개는 제외";
}
