using System.CommandLine;
using Garam.CommandLine;
using Garam.Connections;
using Garam.Operations.Groups;
using Garam.Operations.Topics;

namespace Garam.Groups;

/// <summary><c>garam group ...</c>, on any Kafka.</summary>
internal static class GroupCommands
{
    public static Command Create()
    {
        var noun = new KafkaNoun("group", "See and manage consumer groups and their lag, on any Kafka");
        noun.Default(AddList(noun));
        AddDescribe(noun);
        GroupLagCommand.AddTo(noun);
        GroupResetCommands.AddTo(noun);
        GroupMuteCommands.AddTo(noun);
        GroupDeletion.AddTo(noun);
        return noun.Command;
    }

    private static Command AddList(KafkaNoun noun)
    {
        var verb = noun.Verb("list", "List consumer groups", [], async (parsed, kafka, ct) =>
        {
            Output.Print(noun.Format(parsed), await new GroupOperations(kafka).ListAsync(ct), ("GROUP", group => group.Name), ("STATE", group => group.State));
            return ExitCode.Ok;
        });
        verb.Aliases.Add("ls");
        return verb;
    }

    private static void AddDescribe(KafkaNoun noun)
    {
        var name = KafkaNames.Group(noun.Connection);
        var watch = GroupLagCommand.WatchOption();
        var verb = noun.Verb("describe", "Show members, offsets and lag of a consumer group, and why it is behind", [name, watch], async (parsed, kafka, ct) =>
        {
            var operations = new GroupOperations(kafka);
            var (group, reading) = await Watching.RunAsync(parsed.GetValue(watch), async groups =>
            {
                var detail = await operations.DescribeAsync(parsed.GetRequiredValue(name), ct);
                return (detail, groups.Observe(detail));
            }, ct);
            Output.PrintOne(noun.Format(parsed), group, output => Show(output, group, reading));
            foreach (var (topic, gaps) in group.GapsByTopic)
            {
                if (gaps.Why() is { } why)
                    Talk.Say($"the lag in {topic} is approximate: {why.English}. To count it exactly: {Garam.Operations.Commands.TopicCommands.Count(topic, TimeSpan.FromMinutes(1), group.Name)}");
            }

            return ExitCode.Ok;
        });
        verb.Aliases.Add("desc");
    }

    private static void Show(TextWriter output, GroupDetail group, GroupReading reading)
    {
        output.WriteLine($"group {Cells.Visible(group.Name)}: {GroupDiagnosis.Of(group, reading.State)}");
        Output.WriteTable(output, [.. group.Positions.Zip(reading.Partitions)],
            ("TOPIC", row => row.First.Topic), ("PARTITION", row => row.First.Partition), ("COMMITTED", row => row.First.Committed),
            ("END", row => row.First.EndOffset), ("LAG", row => row.First.Uncommitted > 0 ? $"up to {Words.Number(row.First.Uncommitted)}" : row.First.Lag),
            ("BEHIND", row => row.First.Behind), ("DOING", row => Watching.Word(row.Second)), ("MEMBER", row => row.First.MemberId),
            ("NOTE", row => GroupDiagnosis.Note(row.First.State)));
    }
}
