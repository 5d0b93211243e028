using System.CommandLine;
using Garam.CommandLine;
using Garam.Connections;
using Garam.Operations.Groups;

namespace Garam.Groups;

/// <summary><c>garam group lag [GROUP]...</c>: how far behind groups are, the worst first. With a bound it is an assertion, for scripts and alerts.</summary>
internal static class GroupLagCommand
{
    public static void AddTo(KafkaNoun noun)
    {
        var names = KafkaNames.AnyGroups(noun.Connection);
        var most = new Option<long?>("--max") { Description = "fail (exit code 8) if a group is more records behind", HelpName = "N" };
        var oldest = Duration.Option("--max-behind", "fail (exit code 8) if the oldest record that a group has not read is older");
        noun.Verb("lag", "Show how far behind groups are, in records and in time", [names, most, oldest], async (parsed, kafka, ct) =>
        {
            var operations = new GroupOperations(kafka);
            var asked = parsed.GetValue(names) is { Length: > 0 } some ? some : [.. (await operations.ListAsync(ct)).Select(group => group.Name)];
            var lags = (await operations.LagAsync(asked, ct)).OrderByDescending(group => group.Behind).ThenByDescending(group => group.Lag).ThenBy(group => group.Name, StringComparer.Ordinal).ToList();
            Output.Print(noun.Format(parsed), lags,
                ("GROUP", group => group.Name), ("STATE", group => group.State), ("MEMBERS", group => group.Members), ("LAG", group => group.Lag),
                ("BEHIND", group => group.Behind), ("TOPICS", group => string.Join(", ", group.Topics.Select(topic => topic.Topic))));
            return Judge(lags, parsed.GetValue(most), parsed.GetValue(oldest));
        });
    }

    private static int Judge(IReadOnlyList<GroupLag> lags, long? most, TimeSpan? oldest)
    {
        foreach (var group in lags.Where(group => group.Failure is not null))
            Talk.Say($"{group.Name}: {group.Failure!.Message}");
        var failed = lags.FirstOrDefault(group => group.Failure is not null)?.Failure;
        if (failed is not null)
            return lags.All(group => group.Failure is not null) ? ExitCode.Of(failed.Kind) : ExitCode.Partial;
        var behind = lags.Where(group => group.Lag > most || group.Behind > oldest).ToList();
        foreach (var group in behind)
            Talk.Say($"{group.Name} is {Words.Count(group.Lag ?? 0, "record")} behind{(group.Behind is { } time ? $", the oldest {TimeText.Of(time)} old" : "")}");
        return behind.Count > 0 ? ExitCode.AssertionFalse : ExitCode.Ok;
    }
}
