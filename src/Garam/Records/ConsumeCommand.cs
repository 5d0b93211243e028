using System.CommandLine;
using System.CommandLine.Parsing;
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
    private static readonly Option<StartOffset?> Until = new("--until")
    {
        Description = "end before the first record of this time or later, in each partition: @TIME or -1h, as --offset takes them; with --order also before an offset",
        HelpName = "@TIME|OFFSET",
        CustomParser = result => Parsing.Checked(result, text => StartOffset.Parse(text, LocalTime.Reading)),
    };

    private static readonly Option<BrowseOrder?> Order = Choice.Option<BrowseOrder>(
        "--order", "-r", "newest or oldest first, partitions merged by time, up to the end of now: what the console's page shows; in the order of arrival if left out");

    private static readonly Option<string?> Cursor = new("--cursor") { Description = "go on where an earlier page of the console ended; with --order", HelpName = "TEXT" };

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
        var command = new Command("consume", "Write records of topics to stdout, from any Kafka; goes on until told where to end") { topics, Group, Partitions, Start, Where, Count, Order, Cursor, Exit, Until, Timeout, Template, Shape };
        connection.AddTo(command);
        command.AddCheck(result => Check(result, topics));
        command.SetAction(async (parsed, ct) =>
        {
            var names = parsed.GetRequiredValue(topics);
            var output = new RecordOutput(parsed.GetValue(Shape), parsed.GetValue(Template), namesTopic: names.Length > 1);
            using var kafka = connection.Open(parsed);
            return parsed.GetValue(Order) is { } order
                ? await new OrderedConsumption(RequestOf(parsed, names[0], order)).RunAsync(kafka, output, ct)
                : ConsumptionOf(parsed, names).Run(kafka, output, ct);
        });
        return command;
    }

    private static void Check(CommandResult result, Argument<string[]> topics)
    {
        if (result.GetValue(Group) is not null && result.GetValue(Partitions) is { Length: > 0 })
            result.AddError("--partition and --group exclude each other: a group assigns its partitions by itself.");
        if (result.GetValue(Group) is not null && result.GetValue(Start) is not null)
            result.AddError("--offset and --group exclude each other: a group begins where it committed, or else at the start.");
        if (result.GetValue(Order) is null)
        {
            if (result.GetValue(Cursor) is not null)
                result.AddError("--cursor needs --order.");
            if (result.GetValue(Until) is { Moment: null })
                result.AddError("--until takes an offset only with --order: write @ and a time, like @2026-02-14T09:00:00Z.");
        }
        else if (result.GetValue(topics) is { Length: > 1 } || result.GetValue(Group) is not null || result.GetValue(Timeout) is not null)
        {
            result.AddError("--order reads one topic up to the end of now, without --group and --timeout.");
        }
    }

    private static BrowseRequest RequestOf(ParseResult parsed, string topic, BrowseOrder order) => new(topic)
    {
        Partitions = parsed.GetValue(Partitions) is { Length: > 0 } some ? some : null,
        From = parsed.GetValue(Start) ?? StartOffset.Beginning,
        Until = parsed.GetValue(Until),
        Query = parsed.GetValue(Where),
        Limit = parsed.GetValue(Count) is { } count ? (int)Math.Min(count, int.MaxValue) : int.MaxValue,
        Order = order,
        Cursor = parsed.GetValue(Cursor),
    };

    private static Consumption ConsumptionOf(ParseResult parsed, string[] topics) => new()
    {
        Topics = topics,
        Group = parsed.GetValue(Group),
        Partitions = parsed.GetValue(Partitions) ?? [],
        Start = parsed.GetValue(Start) ?? StartOffset.Beginning,
        End = new StreamEnd(parsed.GetValue(Exit), parsed.GetValue(Until)?.Moment, TimeProvider.System),
        Query = parsed.GetValue(Where),
        Count = parsed.GetValue(Count),
        Timeout = parsed.GetValue(Timeout),
    };
}
