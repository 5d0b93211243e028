using System.CommandLine;
using System.Globalization;
using Garam.CommandLine;
using Garam.Connections;
using Garam.Operations.Queries;
using Garam.Operations.Topics;

namespace Garam.Topics;

/// <summary><c>garam topic clear TOPIC</c>: takes records away, from the oldest on, and leaves the topic.</summary>
internal static class TopicClearCommand
{
    public static void AddTo(KafkaNoun noun)
    {
        var name = KafkaNames.Topic(noun.Connection);
        var partitions = new Option<int[]>("--partition", "-p") { Description = "of this partition alone; may be given several times", HelpName = "N" };
        var before = new Option<(long? Offset, DateTimeOffset? Time)>("--before")
        {
            Description = "only what lies before an offset, before @TIME, or -7d for what is older than that",
            HelpName = "OFFSET|@TIME",
            CustomParser = result => Parsing.Checked(result, ParseBound),
        };
        var change = new Change();
        var verb = noun.Verb("clear", "Take the records of a topic away, and keep the topic", [name, partitions, before, noun.Connection.AllowInternal], async (parsed, kafka, ct) =>
        {
            var operations = new TopicOperations(kafka);
            var topic = parsed.GetRequiredValue(name);
            var (offset, time) = parsed.GetValue(before);
            var plan = await operations.PlanClearAsync(topic, parsed.GetValue(partitions) is { Length: > 0 } some ? some : null, offset, time, ct);
            Output.PrintOne(noun.Format(parsed), plan, output => Output.WriteTable(output, plan.Partitions,
                ("PARTITION", partition => partition.Partition), ("START", partition => partition.StartOffset), ("NEW START", partition => partition.Before),
                ("END", partition => partition.EndOffset), ("RECORDS GO", partition => partition.Records)));
            if (!change.IsApproved(parsed, $"take {Words.Count(plan.Records, "record")} of topic {topic} away, for good"))
                return ExitCode.Ok;
            await operations.ClearAsync(plan, ct);
            Talk.Say($"{topic}: {Words.Count(plan.Records, "record")} gone");
            return ExitCode.Ok;
        });
        change.AddTo(verb);
    }

    private static (long? Offset, DateTimeOffset? Time) ParseBound(string text) =>
        text is ['@' or '-', ..] && LocalTime.Reading.Parse(text.TrimStart('@')) is { } time ? (null, time)
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var offset) ? (offset, null)
        : throw new FormatException($"{text}: write an offset, or @ and {TimeReading.Forms}.");
}
