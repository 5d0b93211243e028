using Garam.Console.Elements;
using Garam.Console.Languages;
using Garam.Console.Snapshots;
using Garam.Messaging.Health;
using Garam.Operations.Clusters;
using Garam.Operations.Connections;
using Garam.Operations.DeadLetters;
using Garam.Operations.Groups;
using Microsoft.Extensions.DependencyInjection;

namespace Garam.Console.Overview;

/// <summary>Judges what is known: the broker, the groups as they were seen to move, and what the endpoints of this process say of themselves.</summary>
internal sealed class Health(ClusterView cluster, DeadLetterView letters, KafkaConnection kafka, IServiceProvider services, TimeProvider time)
{
    /// <summary>A look that takes longer than this is one that does not come back soon.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(6);

    public async Task<HealthVerdict> JudgeAsync(CancellationToken ct)
    {
        var (looking, reading) = (cluster.CurrentAsync(ct), letters.CurrentAsync(ct));
        var now = await looking;
        if (!now.IsKnown)
            return now.Trouble is null ? HealthVerdict.Unknown : Away(now);
        HealthReason[] reasons =
        [
            .. OfBroker(now), .. OfHost(), .. OfEndpoints(), .. OfBackground(), .. OfAlarms(now), .. OfCluster(now, (await reading).Value ?? []),
        ];
        return reasons switch
        {
            [] => new HealthVerdict("ok", AllIsWell(now), []),
            [var only] => new HealthVerdict(only.Level, only.What, reasons),
            [var first, ..] => new HealthVerdict(reasons.Any(reason => reason.Level == "bad") ? "bad" : "warn", And(first.What, reasons.Length - 1), reasons),
        };
    }

    private IEnumerable<HealthReason> OfBroker(Snapshot now)
    {
        var age = time.GetUtcNow() - now.At;
        if (now.Trouble is not null || age > Late)
        {
            yield return new HealthReason("bad", new Said(
                $"Kafka does not answer: what you see is {Language.Of("en").Duration(age)} old.",
                $"Kafka가 응답하지 않습니다. 아래 내용은 {Language.Of("ko").Duration(age)} 전의 상태입니다."), "/console/cluster");
        }
    }

    private IEnumerable<HealthReason> OfHost() => (services.GetService<IBrokerHealth>()?.Problems ?? []).Select(problem => new HealthReason("warn", InBoth(problem), "/console/cluster"));

    // Work of the console itself that failed: what the pages show may be incomplete until it succeeds.
    private IEnumerable<HealthReason> OfBackground() => kafka.Background.Problems.Select(problem => new HealthReason("warn", InBoth(problem.Message), null));

    private IEnumerable<HealthReason> OfEndpoints() => (services.GetService<MessagingHealth>()?.Problems() ?? [])
        .OrderByDescending(problem => problem.Severity)
        .Select(problem => new HealthReason(
            problem.Severity is ProblemSeverity.Unhealthy ? "bad" : "warn", InBoth(problem.Message, problem.Group is null ? "" : $"{problem.Group}: "), "/console/services"));

    private static IEnumerable<HealthReason> OfAlarms(Snapshot now) => now.AlarmTrouble is not { } trouble ? [] :
        [new HealthReason("warn", new Said($"The rules for alarms of groups cannot be read: {trouble.Message}", $"그룹 알림 규칙을 읽을 수 없습니다: {Language.Of("ko").Failure(trouble)}"), null)];

    // The sentences are those of `garam cluster health`.
    private static IEnumerable<HealthReason> OfCluster(Snapshot now, IReadOnlyList<DeadLetterTopic> letters) =>
        (now.Partitions ?? ClusterHealth.Of(0, [])).With([.. now.Groups.Select(group => new ObservedGroup(group.Name, group.Reading, group.Lag, group.Coverage) { Silence = group.Silence })], letters)
            .Problems.Select(problem => new HealthReason(problem.Level.Css(), problem.What, problem switch
            {
                { Group: { } group } => $"/console/group?name={Uri.EscapeDataString(group)}",
                { Letters: { } topic } => $"/console/dead-letters/{Uri.EscapeDataString(topic)}",
                _ => "/console/topics",
            }));

    private static HealthVerdict Away(Snapshot now)
    {
        var what = new Said($"Kafka does not answer: {now.Trouble!.Message}", $"Kafka가 응답하지 않습니다: {Language.Of("ko").Failure(now.Trouble)}");
        return new HealthVerdict("bad", what, [new HealthReason("bad", what, null)]);
    }

    // Groups whose movement is not known yet are not said to keep up.
    private static Said AllIsWell(Snapshot now)
    {
        var (topics, groups, watched) = (now.Topics.Count(topic => !topic.Internal), now.Groups.Count, now.Groups.Count(group => group.Reading is ReadingState.Watching));
        return (groups, watched) switch
        {
            (0, _) => new($"All is well: {Words.Count(topics, "topic")}, and no consumer group yet.", $"모두 정상입니다. 토픽은 {topics:N0}개이고 컨슈머 그룹은 아직 없습니다."),
            (_, 0) => new(
                $"All is well: {Words.Count(topics, "topic")}, {Words.Count(groups, "consumer group keeps", "consumer groups keep")} up.",
                $"모두 정상입니다. 토픽 {topics:N0}개, 컨슈머 그룹 {groups:N0}개가 제때 읽고 있습니다."),
            _ => new(
                $"Nothing is wrong so far: {Words.Count(topics, "topic")}, {Words.Count(groups, "consumer group")}, of which {Words.Number(watched)} {Words.Of(watched, "is", "are")} still being watched.",
                $"지금까지 이상이 없습니다. 토픽 {topics:N0}개, 컨슈머 그룹 {groups:N0}개 중 {watched:N0}개는 아직 관찰 중입니다."),
        };
    }

    private static Said And(Said first, int more) => new($"{first.English} And {more:N0} more.", $"{first.Korean} 이 밖에 {more:N0}건이 더 있습니다.");

    private static Said InBoth(string sentence, string of = "") => new($"{of}{sentence}", $"{of}{Language.Of("ko").Sentence(sentence)}");
}
