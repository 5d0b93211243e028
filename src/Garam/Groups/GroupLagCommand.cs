using System.CommandLine;
using Garam.CommandLine;
using Garam.Connections;
using Garam.Operations.Groups;
using Garam.Operations.Topics;

namespace Garam.Groups;

/// <summary><c>garam group lag [GROUP]...</c>: how far behind groups are, the worst first. With a bound it is an assertion, for scripts and alerts.</summary>
internal static class GroupLagCommand
{
    public static void AddTo(KafkaNoun noun)
    {
        var names = KafkaNames.AnyGroups(noun.Connection);
        var max = new Option<long?>("--max") { Description = "fail (exit code 8) if a group is more records behind", HelpName = "N" };
        var maxBehind = Duration.Option("--max-behind", "fail (exit code 8) if the oldest record that a group has not read is older");
        var watch = WatchOption();
        noun.Verb("lag", "Show how far behind groups are, in records and in time", [names, max, maxBehind, watch], async (parsed, kafka, ct) =>
        {
            var operations = new GroupOperations(kafka);
            var asked = parsed.GetValue(names) is { Length: > 0 } some ? some : [.. (await operations.ListAsync(ct)).Select(group => group.Name)];
            var (found, states) = await Watching.RunAsync(parsed.GetValue(watch), async groups =>
            {
                var lags = await operations.LagAsync(asked, ct);
                return (lags, lags.ToDictionary(group => group.Name, group => groups.Observe(group).State));
            }, ct);
            var sorted = found.OrderByDescending(group => Oldest(group)).ThenByDescending(group => group.Coverage.AtMost(group.Lag)).ThenBy(group => group.Name, StringComparer.Ordinal).ToList();
            Output.Print(noun.Format(parsed), sorted,
                ("GROUP", group => group.Name), ("STATE", group => group.State), ("DOING", group => Watching.Word(states[group.Name])), ("MEMBERS", group => group.Members),
                ("LAG", group => group.Lag), ("NOT COMMITTED", group => group.Coverage.Uncommitted is > 0 and var records ? records : ""), ("BEHIND", group => group.Behind),
                ("TOPICS", group => string.Join(", ", group.Topics.Select(topic => topic.Topic))));
            await SayApproximateAsync(new TopicOperations(kafka), sorted, ct);
            var (most, oldest) = (parsed.GetValue(max), parsed.GetValue(maxBehind));
            var muted = most is null && oldest is null ? [] : await MutedAsync(new GroupAlarms(kafka), sorted, ct);
            return Judge([.. sorted.Where(group => !muted.Contains(group.Name))], most, oldest);
        });
    }

    /// <summary>Whether a group advances is seen from several looks.</summary>
    public static Option<TimeSpan?> WatchOption() => Duration.Option("--watch", "look again and again for so long before it judges whether groups advance; 20s is enough");

    // The bound of the command line replaces the group's own threshold; a muted group raises no alarm, whatever its lag.
    private static async Task<IReadOnlyList<string>> MutedAsync(GroupAlarms alarms, IReadOnlyList<GroupLag> lags, CancellationToken ct)
    {
        var rules = await alarms.RulesAsync(ct);
        List<string> muted = [.. lags.Where(group => alarms.Of(group, rules) is Silence.Muted).Select(group => group.Name)];
        if (muted.Count > 0)
            Talk.Say($"{Words.Count(muted.Count, "muted group is", "muted groups are")} left out of the judgement: {string.Join(", ", muted.Take(10))}{(muted.Count > 10 ? ", ..." : "")}. To include {Words.Of(muted.Count, "it", "them")}: garam group unmute");
        return muted;
    }

    private static async Task SayApproximateAsync(TopicOperations topics, IReadOnlyList<GroupLag> lags, CancellationToken ct)
    {
        var gaps = await topics.GapsAsync([.. lags.SelectMany(group => group.Topics).Where(topic => topic.Lag > 0).Select(topic => topic.Topic).Distinct()], ct);
        foreach (var group in lags)
        {
            var all = group.Topics.Where(topic => topic.Lag > 0).Aggregate(OffsetGaps.None, (all, topic) => all | gaps.GetValueOrDefault(topic.Topic));
            if (all.Why() is { } why)
                Talk.Say($"{group.Name}: the lag is approximate: {why.English}");
        }
    }

    private static int Judge(IReadOnlyList<GroupLag> lags, long? most, TimeSpan? oldest)
    {
        foreach (var group in lags.Where(group => group.Failure is not null))
            Talk.Say($"{group.Name}: {group.Failure!.Message}");
        foreach (var group in lags)
        {
            if (group.Coverage.Gap is { } gap)
                Talk.Say($"{group.Name}: {gap.English}");
        }

        var failed = lags.FirstOrDefault(group => group.Failure is not null)?.Failure;
        if (failed is not null)
            return lags.All(group => group.Failure is not null) ? ExitCode.Of(failed.Kind) : ExitCode.Partial;
        var behind = lags.Where(group => group.Coverage.AtMost(group.Lag) > most || Oldest(group) > oldest || (most is not null && group.Coverage.Leaderless > 0)).ToList();
        foreach (var group in behind)
            Talk.Say(Sentence(group));
        return behind.Count > 0 ? ExitCode.AssertionFalse : ExitCode.Ok;
    }

    // With the records that may be unread: an assertion that leaves them out would hold for a group that has read nothing at all.
    private static TimeSpan? Oldest(GroupLag group) => group.Behind is { } behind && group.Coverage.OldestUncommitted is not { } open ? behind
        : group.Coverage.OldestUncommitted is { } oldest && oldest > (group.Behind ?? TimeSpan.Zero) ? oldest
        : group.Behind;

    private static string Sentence(GroupLag group)
    {
        var upTo = group.Coverage.Uncommitted > 0 ? "up to " : "";
        var age = Oldest(group) is { } time ? $", the oldest {TimeText.Of(time)} old" : "";
        return $"{group.Name} is {upTo}{Words.Count(group.Coverage.AtMost(group.Lag) ?? 0, "record")} behind{age}";
    }
}
