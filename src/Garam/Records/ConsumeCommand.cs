using System.CommandLine;
using Garam.CommandLine;
using Garam.Connections;
using Garam.Operations.Messages;

namespace Garam.Records;

/// <summary><c>garam consume TOPIC...</c>: records to stdout, on any Kafka.</summary>
internal static class ConsumeCommand
{
    private static readonly Argument<string[]> Topics = new("TOPIC") { Arity = ArgumentArity.OneOrMore, Description = "names of topics" };
    private static readonly Option<string?> Group = new("--group", "-g") { Description = "read as a member of this consumer group, and commit what was written", HelpName = "GROUP" };
    private static readonly Option<int?> Partition = new("--partition", "-p") { Description = "read this partition alone", HelpName = "N" };
    private static readonly Option<StartOffset?> Start = new("--offset", "-O")
    {
        Description = "start (the default), end, an offset, -N for the last N of each partition, or @TIME (milliseconds or ISO 8601)",
        HelpName = "OFFSET",
        CustomParser = result => Parsing.Checked(result, StartOffset.Parse),
    };

    private static readonly Option<long?> Count = new("--count", "-n") { Description = "end after this many records", HelpName = "N" };
    private static readonly Option<bool> Exit = new("--exit", "-e") { Description = "end where the partitions ended when the command started" };
    private static readonly Option<TimeSpan?> Timeout = Duration.Option("--timeout", "end when no record came for this long; with --count that is an error (exit code 6)");
    private static readonly Option<RecordTemplate?> Template = new("--format", "-f")
    {
        Description = "a format with kcat's letters: %s value, %k key, %t topic, %p partition, %o offset, %T timestamp, %h headers, %S and %K lengths, \\n",
        HelpName = "FORMAT",
        CustomParser = result => Parsing.Checked(result, RecordTemplate.Parse),
    };

    private static readonly Option<RecordShape?> Shape = new("--output", "-o")
    {
        Description = "text (the default on a terminal) or ndjson (the default elsewhere), which produce takes back without loss",
        HelpName = "FORMAT",
    };

    public static Command Create()
    {
        var connection = new ConnectionOptions();
        var command = new Command("consume", "Write records of topics to stdout, from any Kafka") { Topics, Group, Partition, Start, Count, Exit, Timeout, Template, Shape };
        connection.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(Group) is null)
                return;
            if (result.GetValue(Partition) is not null)
                result.AddError("--partition and --group exclude each other: a group shares its partitions out by itself.");
            if (result.GetValue(Start) is not null)
                result.AddError("--offset and --group exclude each other: a group begins where it committed, or else at the start.");
        });
        command.SetAction((parsed, ct) =>
        {
            var output = new RecordOutput(parsed.GetValue(Shape), parsed.GetValue(Template));
            var consumption = new Consumption
            {
                Topics = parsed.GetRequiredValue(Topics),
                Group = parsed.GetValue(Group),
                Partition = parsed.GetValue(Partition),
                Start = parsed.GetValue(Start) ?? StartOffset.Beginning,
                Count = parsed.GetValue(Count),
                UntilEnd = parsed.GetValue(Exit),
                Timeout = parsed.GetValue(Timeout),
            };
            using var kafka = connection.Open(parsed);
            return Task.FromResult(consumption.Run(kafka, output, ct));
        });
        return command;
    }
}
