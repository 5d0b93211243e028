using System.CommandLine;
using Garam.CommandLine;
using Garam.Connections;
using Garam.Operations.Groups;
using Garam.Operations.Topics;

namespace Garam.Topics;

/// <summary><c>garam topic count TOPIC</c>: the records of a topic, counted by reading them.</summary>
internal static class TopicCountCommand
{
    private static readonly TimeSpan DefaultLimit = TimeSpan.FromMinutes(1);

    public static void AddTo(KafkaNoun noun)
    {
        var name = KafkaNames.Topic(noun.Connection);
        var timeout = Duration.Option("--timeout", "how long to count at most; 1m if left out. A count that was cut short says so (exit code 7)");
        var group = new Option<string?>("--group") { Description = "only the records that this group has not read", HelpName = "GROUP" }.OfGroups(noun.Connection);
        noun.Verb("count", "Count the records of a topic exactly, by reading all of them", [name, group, timeout], async (parsed, kafka, ct) =>
        {
            var limit = parsed.GetValue(timeout) ?? DefaultLimit;
            var topic = parsed.GetRequiredValue(name);
            var from = parsed.GetValue(group) is { } reader ? await new GroupOperations(kafka).CommittedAsync(reader, topic, ct) : null;
            CountProgress? last = null;
            await foreach (var progress in new TopicOperations(kafka).CountAsync(topic, limit, from, ct))
            {
                last = progress;
                Talk.Progress($"{Words.Number(progress.Total - progress.Left)} of {Words.Count(progress.Total, "offset")} read");
            }

            Talk.Progress("");
            Output.PrintOne(noun.Format(parsed), last!, output => Show(output, last!, from is null ? "" : " unread"));
            if (last!.Left == 0)
                return ExitCode.Ok;
            Talk.Say($"the count was cut short after {TimeText.Of(limit)}: {Words.Number(last.Left)} of {Words.Count(last.Total, "offset")} were not read. Give it more time with --timeout.");
            return ExitCode.Partial;
        });
    }

    private static void Show(TextWriter output, CountProgress counted, string unread)
    {
        output.WriteLine($"topic {Cells.Visible(counted.Topic)}: {Words.Count(counted.Records, "record")}{unread}");
        Output.WriteTable(output, counted.Partitions,
            ("PARTITION", partition => partition.Partition), ("RECORDS", partition => partition.Records), ("START", partition => partition.StartOffset),
            ("COUNTED TO", partition => partition.CountedTo), ("END", partition => partition.EndOffset));
    }
}
