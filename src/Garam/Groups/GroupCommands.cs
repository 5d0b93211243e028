using System.CommandLine;
using Garam.CommandLine;
using Garam.Connections;
using Garam.Operations.Groups;

namespace Garam.Groups;

/// <summary><c>garam group list|describe</c>, on any Kafka.</summary>
internal static class GroupCommands
{
    public static Command Create()
    {
        var connection = new ConnectionOptions();
        var format = Output.Format();
        var group = new Command("group", "See consumer groups and their lag, on any Kafka") { format };
        connection.AddTo(group);
        group.Add(List(connection, format));
        group.Add(Describe(connection, format));
        return group;
    }

    private static Command List(ConnectionOptions connection, Option<OutputFormat> format)
    {
        var command = new Command("list", "List consumer groups");
        command.Aliases.Add("ls");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var kafka = connection.Open(parsed);
            Output.Print(parsed.GetValue(format), await new GroupOperations(kafka).ListAsync(cancellationToken), ("GROUP", group => group.Name), ("STATE", group => group.State));
        });
        return command;
    }

    private static Command Describe(ConnectionOptions connection, Option<OutputFormat> format)
    {
        var name = new Argument<string>("GROUP") { Description = "name of a consumer group" };
        var command = new Command("describe", "Show members, offsets and lag of a consumer group") { name };
        command.Aliases.Add("desc");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var kafka = connection.Open(parsed);
            var group = await new GroupOperations(kafka).DescribeAsync(parsed.GetRequiredValue(name), cancellationToken);
            if (parsed.GetValue(format) is var shape and not OutputFormat.Table)
                Output.Print(shape, [group]);
            else
                Show(group);
        });
        return command;
    }

    private static void Show(GroupDetail group)
    {
        System.Console.Out.WriteLine($"group {group.Name}: {group.State}, {group.Members.Count} members, lag {group.Lag?.ToString() ?? "unknown"}");
        Output.Print(OutputFormat.Table, group.Positions,
            ("TOPIC", position => position.Topic), ("PARTITION", position => position.Partition), ("COMMITTED", position => position.Committed),
            ("END", position => position.EndOffset), ("LAG", position => position.Lag), ("MEMBER", position => position.MemberId));
    }
}
