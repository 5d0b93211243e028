using System.Globalization;
using Garam.Console.Groups;
using Garam.Console.Languages;
using Garam.Console.Snapshots;
using Garam.Messaging.Health;
using Garam.Operations.DeadLetters;
using Garam.Operations.Messages;
using Microsoft.Extensions.DependencyInjection;

namespace Garam.Console.Overview;

/// <summary>Judges what is known: the broker, the groups as they were seen to move, and what the endpoints of this process say of themselves.</summary>
internal sealed class Health(ClusterView cluster, DeadLetterView letters, IServiceProvider services, TimeProvider time)
{
    /// <summary>A look that takes longer than this is one that does not come back soon.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(6);

    public async Task<HealthVerdict> JudgeAsync(CancellationToken ct)
    {
        var (looking, reading) = (cluster.CurrentAsync(ct), letters.CurrentAsync(ct));
        var now = await looking;
        if (!now.IsKnown)
            return now.Trouble is null ? HealthVerdict.Unknown : Away(now);
        HealthReason[] reasons = [.. OfBroker(now), .. OfEndpoints(), .. OfTopics(now), .. OfAlarms(now), .. OfGroups(now), .. OfLetters((await reading).Value ?? [])];
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
                $"Kafka가 응답하지 않습니다. 보고 계신 내용은 {Language.Of("ko").Duration(age)} 전의 상태입니다."), "/console/cluster");
        }
    }

    private IEnumerable<HealthReason> OfEndpoints() => (services.GetService<MessagingHealth>()?.Problems() ?? [])
        .OrderByDescending(problem => problem.Severity)
        .Select(problem => new HealthReason(
            problem.Severity is ProblemSeverity.Unhealthy ? "bad" : "warn", Same($"{problem.Group}: {problem.Message}"), "/console/services"));

    private static IEnumerable<HealthReason> OfTopics(Snapshot now)
    {
        var leaderless = now.Topics.Where(topic => topic.Records is null).ToList();
        if (leaderless.Count > 0)
        {
            yield return new HealthReason("bad", new Said(
                $"{Count(leaderless.Count, "topic has", "topics have")} a partition without a leader: {Names(leaderless.Select(topic => topic.Name))}.",
                $"리더가 없는 파티션이 있는 토픽이 {leaderless.Count:N0}개입니다: {Names(leaderless.Select(topic => topic.Name))}."), "/console/topics");
        }
    }

    private static IEnumerable<HealthReason> OfAlarms(Snapshot now) => now.AlarmTrouble is not { } trouble ? [] :
        [new HealthReason("warn", new Said($"The rules for alarms of groups cannot be read: {trouble.Message}", $"그룹 알림 규칙을 읽을 수 없습니다: {trouble.Message}"), null)];

    private static IEnumerable<HealthReason> OfGroups(Snapshot now) => now.Groups.Where(group => group.Silence is null)
        .OrderBy(group => group.Verdict is GroupVerdict.Stalled ? 0 : 1).ThenByDescending(group => group.Lag)
        .Select(group => (Group: group, What: Describe(group with { Name = VisibleText.Of(group.Name, keepLines: false) })))
        .Where(judged => judged.What is not null)
        .Select(judged => new HealthReason(judged.Group.Verdict is GroupVerdict.Stalled ? "bad" : "warn", judged.What!, $"/console/group?name={Uri.EscapeDataString(judged.Group.Name)}"));

    private static IEnumerable<HealthReason> OfLetters(IReadOnlyList<DeadLetterTopic> topics) => topics.Where(topic => topic.Open > 0)
        .OrderByDescending(topic => topic.Newest)
        .Select(topic => new HealthReason("warn", new Said(
            $"{Count(topic.Open, "record was given up and waits", "records were given up and wait")} in {topic.Topic}.",
            $"처리하지 못한 레코드 {topic.Open:N0}개가 {topic.Topic}에 있습니다."), $"/console/dead-letters/{Uri.EscapeDataString(topic.Topic)}"));

    private static Said? Describe(GroupNow group) => group.Verdict switch
    {
        GroupVerdict.Stalled => new(
            $"Group {group.Name} stands still: {Lag(group)} unread and none of them read in two minutes.",
            $"컨슈머 그룹 {group.Name}이(가) 멈춰 있습니다. 읽지 않은 레코드가 {group.Lag:N0}개인데 진행이 없습니다."),
        GroupVerdict.Stopped => new(
            $"Group {group.Name} has no members: {Count(group.Lag ?? 0, "record waits", "records wait")} to be read.",
            $"컨슈머 그룹 {group.Name}에 멤버가 없습니다. 읽지 않은 레코드가 {group.Lag:N0}개입니다."),
        GroupVerdict.FallingBehind => new(
            $"Group {group.Name} falls behind: {Lag(group)} unread, and more every time.",
            $"컨슈머 그룹 {group.Name}의 지연이 늘고 있습니다. 읽지 않은 레코드가 {group.Lag:N0}개입니다."),
        GroupVerdict.Rewound => new(
            $"Group {group.Name} went back and reads again: {Lag(group)} to go.",
            $"컨슈머 그룹 {group.Name}의 오프셋이 뒤로 이동했습니다. 다시 읽을 레코드가 {group.Lag:N0}개입니다."),
        _ => null,
    };

    private static HealthVerdict Away(Snapshot now)
    {
        var what = new Said($"Kafka does not answer: {now.Trouble!.Message}", $"Kafka가 응답하지 않습니다: {now.Trouble.Message}");
        return new HealthVerdict("bad", what, [new HealthReason("bad", what, null)]);
    }

    private static Said AllIsWell(Snapshot now)
    {
        var topics = now.Topics.Count(topic => !topic.Internal);
        return now.Groups.Count == 0
            ? new($"All is well: {Count(topics, "topic", "topics")}, and no consumer group yet.", $"모두 정상입니다. 토픽 {topics:N0}개, 컨슈머 그룹은 아직 없습니다.")
            : new(
                $"All is well: {Count(topics, "topic", "topics")}, {Count(now.Groups.Count, "consumer group keeps", "consumer groups keep")} up.",
                $"모두 정상입니다. 토픽 {topics:N0}개, 컨슈머 그룹 {now.Groups.Count:N0}개가 제때 읽고 있습니다.");
    }

    private static Said And(Said first, int more) => new($"{first.English} And {more:N0} more.", $"{first.Korean} 그 밖에 {more:N0}건이 더 있습니다.");

    private static Said Same(string text) => new(text, text);

    private static string Lag(GroupNow group) => Count(group.Lag ?? 0, "record", "records");

    private static string Count(long number, string one, string many) => string.Create(CultureInfo.InvariantCulture, $"{number:N0} {(number == 1 ? one : many)}");

    private static string Names(IEnumerable<string> names)
    {
        var all = names.ToList();
        return all.Count <= 3 ? string.Join(", ", all) : $"{string.Join(", ", all.Take(3))}, …";
    }
}
