using System.CommandLine;
using Garam.CommandLine;
using Garam.Completion;
using Garam.Connections;
using Garam.Operations;
using Garam.Operations.Commands;
using Garam.Operations.Groups;

namespace Garam.Groups;

/// <summary><c>garam group reset|undo GROUP</c>: other offsets for a group that nobody is in, shown before they are committed, and undone for seven days.</summary>
internal static class GroupResetCommands
{
    public static void AddTo(KafkaNoun noun)
    {
        AddReset(noun);
        AddUndo(noun);
    }

    private static void AddReset(KafkaNoun noun)
    {
        var name = KafkaNames.Group(noun.Connection);
        var target = new Option<ResetTarget>("--to")
        {
            Description = "start, end, an offset, @TIME, -1h (that long ago), +N or -N (from where it is), or group:OTHER",
            HelpName = "WHERE",
            Required = true,
            CustomParser = result => Parsing.Checked(result, text => ResetTarget.Parse(text, LocalTime.Reading))!,
        }.OfPlaces().Offering(("group:", "where another group is, as in group:OTHER"));
        var scope = new Option<string[]>("--topic") { Description = "only this topic, or partitions of it; may be given several times", HelpName = "TOPIC[:N,...]" }.OfTopics(noun.Connection);
        var change = new Change();
        var verb = noun.Verb("reset", "Set the offsets of a group that has no members", [name, target, scope], async (parsed, kafka, ct) =>
        {
            var operations = new GroupOperations(kafka);
            var narrowed = parsed.GetValue(scope) is { Length: > 0 } topics ? ScopeOf(topics) : null;
            var plan = await operations.PlanResetAsync(parsed.GetRequiredValue(name), parsed.GetRequiredValue(target), narrowed, ct);
            return await ApplyAsync(noun.Format(parsed), parsed, operations, plan, change, ct);
        });
        change.AddTo(verb);
    }

    private static void AddUndo(KafkaNoun noun)
    {
        var name = KafkaNames.Group(noun.Connection);
        var change = new Change();
        var verb = noun.Verb("undo", "Take back the last reset of a group, here or in the console", [name], async (parsed, kafka, ct) =>
        {
            var operations = new GroupOperations(kafka);
            var group = parsed.GetRequiredValue(name);
            var plan = await operations.PlanUndoAsync(group, ct) ?? throw new OperationException(FailureKind.NotFound, $"group {group} was not reset from here in the last seven days.");
            return await ApplyAsync(noun.Format(parsed), parsed, operations, plan, change, ct);
        });
        change.AddTo(verb);
    }

    private static async Task<int> ApplyAsync(OutputFormat format, ParseResult parsed, GroupOperations operations, ResetPlan plan, Change change, CancellationToken ct)
    {
        Show(format, plan);
        foreach (var warning in plan.Warnings)
            Talk.Say(warning);
        if (!change.IsApproved(parsed, $"set {Words.Count(plan.Partitions.Count, "offset")} of group {plan.Group}: {Consequence(plan)}"))
            return ExitCode.Ok;
        await operations.ApplyAsync(plan, ct);
        Talk.Say($"group {plan.Group}: {Consequence(plan)}. To take it back: garam group undo {ShellWord.Of(plan.Group)}");
        return ExitCode.Ok;
    }

    private static void Show(OutputFormat format, ResetPlan plan) => Output.PrintOne(format, plan, output => Output.WriteTable(output, plan.Partitions,
        ("TOPIC", partition => partition.Topic), ("PARTITION", partition => partition.Partition), ("BEFORE", partition => partition.Before), ("AFTER", partition => partition.After),
        ("READ AGAIN", partition => partition.Delta < 0 ? -partition.Delta : UpTo(partition.Before is null ? 0 : partition.MayRead)),
        ("SKIPPED", partition => partition.Delta > 0 ? partition.Delta : UpTo(partition.MaySkip)),
        ("FIRST RECORD", partition => partition.AfterTime), ("NOTE", partition => Note(partition.Note))));

    private static string Consequence(ResetPlan plan)
    {
        var counted = (plan.ReRead, plan.Skipped) switch
        {
            (0, 0) when plan.Gap is not null => null,
            (0, 0) => "nothing is read again, nothing is skipped",
            (var again, 0) => $"{Words.Count(again, "record")} will be read again",
            (0, var skipped) => $"{Words.Count(skipped, "record")} will never be read",
            var (again, skipped) => $"{Words.Count(again, "record")} will be read again, {Words.Count(skipped, "record")} will never be read",
        };
        return string.Join("; ", new[] { counted, plan.Gap?.English }.OfType<string>());
    }

    private static string? UpTo(long records) => records > 0 ? $"up to {Words.Number(records)}" : null;

    private static string Note(ResetNote note) => note switch
    {
        ResetNote.NoRecordSince => "no record since then: the end",
        ResetNote.MovedToStart => "older ones are gone: the start",
        ResetNote.MovedToEnd => "beyond the end: the end",
        _ => "",
    };

    private static ResetScope ScopeOf(string[] topics)
    {
        try
        {
            return ResetScope.Parse(topics);
        }
        catch (FormatException exception)
        {
            throw new CommandFailure(ExitCode.Usage, exception.Message);
        }
    }
}
