using System.CommandLine;
using System.Globalization;
using Garam.CommandLine;
using Garam.Connections;
using Garam.Operations.Queries;
using Garam.Operations.Topics;

namespace Garam.Topics;

/// <summary><c>garam topic clear TOPIC...</c>: deletes records, from the oldest on, and leaves the topics.</summary>
internal static class TopicClearCommand
{
    public static void AddTo(KafkaNoun noun)
    {
        var names = KafkaNames.AllTopics(noun.Connection);
        var partitions = new Option<int[]>("--partition", "-p") { Description = "of this partition alone; may be given several times", HelpName = "N" };
        var before = new Option<(long? Offset, DateTimeOffset? Time)>("--before")
        {
            Description = "only what lies before an offset, before @TIME, or -7d for what is older than that",
            HelpName = "OFFSET|@TIME",
            CustomParser = result => Parsing.Checked(result, ParseBound),
        };
        var change = new Change();
        var verb = noun.Verb("clear", "Delete the records of topics, and keep the topics", [names, partitions, before, noun.Connection.AllowInternal], async (parsed, kafka, ct) =>
        {
            var operations = new TopicOperations(kafka);
            var (offset, time) = parsed.GetValue(before);
            var plans = new List<ClearPlan>();
            foreach (var topic in parsed.GetRequiredValue(names).Distinct())
                plans.Add(await operations.PlanClearAsync(topic, parsed.GetValue(partitions) is { Length: > 0 } some ? some : null, offset, time, ct));
            Show(noun.Format(parsed), plans);
            foreach (var plan in plans.Where(plan => plan.Records > 0 && plan.Gaps is not OffsetGaps.None))
                Talk.Say($"{plan.Topic}: {Counts.Of(Words.Count(plan.Records, "record"), plan.Gaps)}");
            if (!change.IsApproved(parsed, $"delete {Number(plans.Aggregate(OffsetGaps.None, (all, plan) => all | plan.Gaps))}{Words.Count(plans.Sum(plan => plan.Records), "record")} of {(plans is [var only] ? $"topic {only.Topic}" : Words.Count(plans.Count, "topic"))}, for good"))
                return ExitCode.Ok;
            foreach (var plan in plans)
            {
                await operations.ClearAsync(plan, ct);
                Talk.Say($"{plan.Topic}: {Number(plan.Gaps)}{Words.Count(plan.Records, "record")} gone");
            }

            return ExitCode.Ok;
        });
        change.AddTo(verb);
    }

    private static string Number(OffsetGaps gaps) => gaps is OffsetGaps.None ? "" : "≈ ";

    private static void Show(OutputFormat format, List<ClearPlan> plans)
    {
        if (plans is [var only])
            Output.PrintOne(format, only, output => Write(output, only));
        else
            Output.PrintAll(format, plans, (output, plan) =>
            {
                output.WriteLine($"topic {Cells.Visible(plan.Topic)}");
                Write(output, plan);
            });
    }

    private static void Write(TextWriter output, ClearPlan plan) => Output.WriteTable(output, plan.Partitions,
        ("PARTITION", partition => partition.Partition), ("START", partition => partition.StartOffset), ("NEW START", partition => partition.Before),
        ("END", partition => partition.EndOffset), ("RECORDS GO", partition => partition.Records));

    private static (long? Offset, DateTimeOffset? Time) ParseBound(string text) =>
        text is ['@' or '-', ..] && LocalTime.Reading.Parse(text.TrimStart('@')) is { } time ? (null, time)
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var offset) ? (offset, null)
        : throw new FormatException($"{text}: write an offset, or @ and {TimeReading.Forms}.");
}
