using Garam.Operations.DeadLetters;
using Garam.Operations.Groups;
using Garam.Operations.Messages;

namespace Garam.Operations.Clusters;

/// <summary>One thing that is not well.</summary>
/// <param name="Level">How serious it is.</param>
/// <param name="What">What, in one sentence.</param>
public sealed record ClusterProblem(HealthLevel Level, LocalizedText What)
{
    /// <summary>The consumer group that it is about; null: none.</summary>
    public string? Group { get; init; }

    /// <summary>The dead-letter topic that it is about; null: none.</summary>
    public string? Letters { get; init; }
}

/// <summary>A consumer group and what was concluded about it. Lag and coverage as in <see cref="GroupLag"/>.</summary>
public sealed record ObservedGroup(string Name, ReadingState State, long? Lag, LagCoverage Coverage)
{
    /// <summary>Why it raises no alarm; null: it does.</summary>
    public Silence? Silence { get; init; }
}

/// <summary>The sentences of what is not well, for the console and the command line alike.</summary>
public static class ClusterProblems
{
    private const int NamesShown = 3;

    /// <summary>Problems of partitions, <c>TOPIC:N</c>.</summary>
    public static IEnumerable<ClusterProblem> OfPartitions(IReadOnlyList<string> leaderless, IReadOnlyList<string> outOfSync)
    {
        if (leaderless.Count > 0)
        {
            yield return new ClusterProblem(HealthLevel.Bad, new(
                $"{Words.Count(leaderless.Count, "partition has", "partitions have")} no leader: {Some(leaderless)}.", $"파티션 {leaderless.Count:N0}개에 리더가 없습니다: {Some(leaderless)}."));
        }

        if (outOfSync.Count > 0)
        {
            yield return new ClusterProblem(HealthLevel.Warn, new(
                $"{Words.Count(outOfSync.Count, "partition has", "partitions have")} replicas that are behind or away: {Some(outOfSync)}.",
                $"파티션 {outOfSync.Count:N0}개의 일부 복제본이 뒤처졌거나 응답하지 않습니다: {Some(outOfSync)}."));
        }
    }

    /// <summary>Problems of groups, the most serious first, then those with the most unread records.</summary>
    public static IEnumerable<ClusterProblem> OfGroups(IEnumerable<ObservedGroup> groups) => groups
        .Where(group => group.State.Words().Level is HealthLevel.Warn or HealthLevel.Bad)
        .OrderByDescending(group => group.State.Words().Level).ThenByDescending(group => group.Coverage.AtMost(group.Lag))
        .Select(group => new ClusterProblem(group.State.Words().Level, Sentence(group)) { Group = group.Name });

    /// <summary>Topics with open dead letters, the newest first.</summary>
    public static IEnumerable<ClusterProblem> OfLetters(IEnumerable<DeadLetterTopic> topics) => topics.Where(topic => topic.Open > 0)
        .OrderByDescending(topic => topic.Newest)
        .Select(topic => new ClusterProblem(HealthLevel.Warn, new(
            $"{Words.Count(topic.Open, "record was dead-lettered and waits", "records were dead-lettered and wait")} in {topic.Topic}.",
            $"{topic.Topic}에 미처리 데드 레터 {topic.Open:N0}건이 있습니다.")) { Letters = topic.Topic });

    private static LocalizedText Sentence(ObservedGroup group)
    {
        var name = VisibleText.Of(group.Name, keepLines: false);
        var (state, unread) = (group.State.Words(), Unread(group));
        return group.State switch
        {
            ReadingState.Stopped => new($"Group {name} has no members: {unread.English}.", $"컨슈머 그룹 {name}에 멤버가 없습니다. {unread.Korean}."),
            ReadingState.Stalled => new($"Group {name} has members but makes no progress: {unread.English}.", $"컨슈머 그룹 {name}의 읽기가 정체되어 있습니다. {unread.Korean}."),
            ReadingState.FallingBehind => new($"Group {name} falls behind: {unread.English}.", $"컨슈머 그룹 {name}의 지연이 줄지 않습니다. {unread.Korean}."),
            ReadingState.NotCommitting => new($"Group {name} reads but does not commit: {unread.English}.", $"컨슈머 그룹 {name}에 멤버가 있지만 커밋된 오프셋이 없습니다. {unread.Korean}."),
            _ => new($"Group {name}, {state.Word.English}: {unread.English}.", $"컨슈머 그룹 {name}, {state.Word.Korean}: {unread.Korean}."),
        };
    }

    private static LocalizedText Unread(ObservedGroup group)
    {
        var known = new LocalizedText($"{Words.Count(group.Lag ?? 0, "record")} unread", $"읽지 않은 레코드 {group.Lag ?? 0:N0}건");
        return group.Coverage.Gap is not { } gap ? known
            : group.Lag is null ? gap
            : new LocalizedText($"{known.English} ({gap.English})", $"{known.Korean}({gap.Korean})");
    }

    private static string Some(IReadOnlyList<string> names) => string.Join(", ", names.Take(NamesShown)) + (names.Count > NamesShown ? ", …" : "");
}
