using System.CommandLine;
using Garam.CommandLine;
using Garam.Connections;
using Garam.Operations.Groups;

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
        var verb = noun.Verb("describe", "Show members, offsets and lag of a consumer group, and why it is behind", [name], async (parsed, kafka, ct) =>
        {
            var group = await new GroupOperations(kafka).DescribeAsync(parsed.GetRequiredValue(name), ct);
            Output.PrintOne(noun.Format(parsed), group, output => Show(output, group));
            return ExitCode.Ok;
        });
        verb.Aliases.Add("desc");
    }

    private static void Show(TextWriter output, GroupDetail group)
    {
        output.WriteLine($"group {Cells.Visible(group.Name)}: {GroupDiagnosis.Of(group)}");
        Output.WriteTable(output, group.Positions,
            ("TOPIC", position => position.Topic), ("PARTITION", position => position.Partition), ("COMMITTED", position => position.Committed),
            ("END", position => position.EndOffset), ("LAG", position => position.Lag), ("BEHIND", position => position.Behind), ("MEMBER", position => position.MemberId),
            ("NOTE", position => GroupDiagnosis.Note(position.State)));
    }
}
