using System.CommandLine;
using Garam.CommandLine;
using Garam.Connections;
using Garam.Operations.DeadLetters;
using Garam.Operations.Queries;
using Garam.Records;

namespace Garam.DeadLetters;

/// <summary><c>garam dlq redrive TOPIC</c>: sends one letter back, those that a query asks for, or all open ones.</summary>
internal static class DeadLetterRedrive
{
    public static void AddTo(KafkaNoun noun)
    {
        var topic = KafkaNames.DeadLetterTopic(noun.Connection);
        var place = new Argument<RedriveSelection.Place?>("PARTITION:OFFSET")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "one letter, even if it has been sent back before",
            CustomParser = result => Parsing.Checked(result, RedriveSelection.Place.Parse),
        };
        var where = RecordRange.WhereOption();
        var all = new Option<bool>("--all") { Description = "all open letters" };
        var to = ToOption(noun);
        var rate = new Option<double?>("--rate") { Description = "at most this many records a second", HelpName = "N" };
        var change = new Change();
        var verb = noun.Verb("redrive", "Send letters back to the topic that they came from", [topic, place, where, all, to, rate], async (parsed, kafka, ct) =>
        {
            using var letters = new DeadLetterOperations(kafka);
            var selection = Selection(parsed.GetValue(place), parsed.GetValue(where));
            var plan = await letters.PlanAsync(parsed.GetRequiredValue(topic), selection, edit: null, parsed.GetValue(to), ct);
            return await SendAsync(noun.Format(parsed), parsed, letters, plan with { RatePerSecond = parsed.GetValue(rate) }, change, ct);
        });
        verb.AddCheck(result =>
        {
            var ways = (result.GetResult(place) is { Tokens.Count: > 0 } ? 1 : 0) + (result.GetResult(where) is not null ? 1 : 0) + (result.GetValue(all) ? 1 : 0);
            if (ways != 1)
                result.AddError("say which letters: PARTITION:OFFSET, --where QUERY, or --all.");
        });
        change.AddTo(verb);
    }

    public static Option<string?> ToOption(KafkaNoun noun) =>
        new Option<string?>("--to") { Description = "another topic than the one that they came from", HelpName = "TOPIC" }.OfTopics(noun.Connection);

    /// <summary>Shows a plan, asks, and does it.</summary>
    public static async Task<int> SendAsync(OutputFormat format, ParseResult parsed, DeadLetterOperations letters, RedrivePlan plan, Change change, CancellationToken ct)
    {
        foreach (var warning in plan.Warnings)
            Talk.Say(warning);
        if (change.IsShown(parsed))
            Show(plan);
        if (plan.Count == 0)
            Talk.Say($"no letter to send{(plan.AlreadyRedriven > 0 ? $": {Words.Count(plan.AlreadyRedriven, "letter")} had been sent back before" : "")}.");
        if (plan.Count == 0 || !change.IsApproved(parsed, $"send {Words.Count(plan.Count, "letter")} of {plan.Topic} back"))
        {
            if (format is not OutputFormat.Table)
                Output.Print<RedrivenLetter>(format, [], Columns);
            return ExitCode.Ok;
        }

        var sent = new List<RedrivenLetter>();
        long skipped = 0;
        await foreach (var progress in letters.RedriveAsync(plan, ct))
        {
            sent.AddRange(progress.Latest);
            skipped = progress.Skipped;
        }

        Output.Print(format, sent, Columns);
        Talk.Say($"{Words.Count(sent.Count, "letter")} sent back{(skipped > 0 ? $", {skipped} left out: somebody else had sent them, or they are gone" : "")}");
        return ExitCode.Ok;
    }

    private static readonly (string, Func<RedrivenLetter, object?>)[] Columns = [("LETTER", letter => letter.Letter), ("WENT TO", letter => letter.To)];

    private static void Show(RedrivePlan plan)
    {
        foreach (var target in plan.Targets)
            Talk.Say($"{Words.Count(target.Count, "letter")} to topic {target.Topic}, {(target.Partition is { } partition ? $"partition {partition}" : "by key")}");
        foreach (var reader in plan.Readers)
            Talk.Say($"read there by {reader.Group} ({reader.State}){(reader.GaveUp ? ", which gave up" : ", which reads it AGAIN")}");
        foreach (var line in plan.Diff)
            Talk.Detail($"{line.Part.ToString().ToLowerInvariant(),-7} {line.Change switch { LineChange.Removed => '-', LineChange.Added => '+', _ => ' ' }} {line.Text}");
    }

    private static RedriveSelection Selection(RedriveSelection.Place? place, RecordQuery? query) =>
        place is not null ? place : query is not null ? new RedriveSelection.Matching(query) : new RedriveSelection.All();
}
