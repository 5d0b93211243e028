using System.CommandLine;
using Garam.CommandLine;
using Garam.Connections;
using Garam.Operations.Messages;
using Garam.Operations.Queries;

namespace Garam.Records;

/// <summary><c>garam consume TOPIC...</c>: records to stdout, on any Kafka.</summary>
internal static class ConsumeCommand
{
    private static readonly Option<string?> Group = new("--group", "-g") { Description = "read as a member of this consumer group, and commit what was written", HelpName = "GROUP" };
    private static readonly Option<int[]> Partitions = new("--partition", "-p") { Description = "read this partition alone; may be given several times", HelpName = "N" };
    private static readonly Option<StartOffset?> Start = RecordRange.StartOption();
    private static readonly Option<RecordQuery?> Where = RecordRange.WhereOption();
    private static readonly Option<long?> Count = new("--count", "-n") { Description = "end after this many records", HelpName = "N" };
    private static readonly Option<bool> Exit = new("--exit", "-e") { Description = "end where the partitions ended when the command started" };
    private static readonly Option<TimeSpan?> Timeout = Duration.Option("--timeout", "end when nothing was read for this long; with --count that is an error (exit code 6)");
    private static readonly Option<DateTimeOffset?> Until = new("--until")
    {
        Description = "end before the first record of this time or later, in each partition: @TIME or -1h, as --offset takes them",
        HelpName = "@TIME",
        CustomParser = result => Parsing.Checked(result, text => LocalTime.Reading.Parse(text.TrimStart('@')) ?? throw new FormatException($"{text}: write @ and {TimeReading.Forms}.")),
    };

    private static readonly Option<RecordTemplate?> Template = new("--format", "-f")
    {
        Description = "a format with kcat's letters: %s value, %k key, %t topic, %p partition, %o offset, %T timestamp, %h headers, %S and %K lengths, \\n",
        HelpName = "FORMAT",
        CustomParser = result => Parsing.Checked(result, RecordTemplate.Parse),
    };

    private static readonly Option<RecordShape?> Shape = Choice.Option<RecordShape>(
        "--output", "-o", "text (if left out, on a terminal), ndjson (elsewhere), which produce takes back without loss, json, yaml, or csv for spreadsheets");

    public static Command Create()
    {
        var connection = new ConnectionOptions();
        var topics = KafkaNames.AllTopics(connection);
        var command = new Command("consume", "Write records of topics to stdout, from any Kafka; goes on until told where to end") { topics, Group, Partitions, Start, Where, Count, Exit, Until, Timeout, Template, Shape };
        connection.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(Group) is null)
                return;
            if (result.GetValue(Partitions) is { Length: > 0 })
                result.AddError("--partition and --group exclude each other: a group shares its partitions out by itself.");
            if (result.GetValue(Start) is not null)
                result.AddError("--offset and --group exclude each other: a group begins where it committed, or else at the start.");
        });
        command.SetAction((parsed, ct) =>
        {
            var output = new RecordOutput(parsed.GetValue(Shape), parsed.GetValue(Template), namesTopic: parsed.GetRequiredValue(topics).Length > 1);
            var consumption = new Consumption
            {
                Topics = parsed.GetRequiredValue(topics),
                Group = parsed.GetValue(Group),
                Partitions = parsed.GetValue(Partitions) ?? [],
                Start = parsed.GetValue(Start) ?? StartOffset.Beginning,
                End = new StreamEnd(parsed.GetValue(Exit), parsed.GetValue(Until), TimeProvider.System),
                Query = parsed.GetValue(Where),
                Count = parsed.GetValue(Count),
                Timeout = parsed.GetValue(Timeout),
            };
            using var kafka = connection.Open(parsed);
            return Task.FromResult(consumption.Run(kafka, output, ct));
        });
        return command;
    }
}
