using Garam.CommandLine;
using Garam.Connections;
using Garam.Operations.Groups;

namespace Garam.Groups;

/// <summary><c>garam group delete|delete-offsets</c>.</summary>
internal static class GroupDeletion
{
    public static void AddTo(KafkaNoun noun)
    {
        AddDelete(noun);
        AddDeleteOffsets(noun);
    }

    private static void AddDelete(KafkaNoun noun)
    {
        var name = KafkaNames.Group(noun.Connection);
        var change = new Change();
        var verb = noun.Verb("delete", "Delete a group that has no members, with its offsets", [name], async (parsed, kafka, ct) =>
        {
            var operations = new GroupOperations(kafka);
            var group = await operations.DescribeAsync(parsed.GetRequiredValue(name), ct);
            await operations.EnsureDeletableAsync(group.Name, ct);
            if (!change.IsApproved(parsed, $"delete group {group.Name} and its offsets in {Words.Count(group.Positions.Count, "partition")}; a consumer of that name starts over"))
                return ExitCode.Ok;
            await operations.DeleteAsync(group.Name, ct);
            Talk.Say($"{group.Name}: deleted");
            return ExitCode.Ok;
        });
        change.AddTo(verb);
        verb.Aliases.Add("rm");
    }

    private static void AddDeleteOffsets(KafkaNoun noun)
    {
        var name = KafkaNames.Group(noun.Connection);
        var topicName = KafkaNames.Topic(noun.Connection);
        var change = new Change();
        var verb = noun.Verb("delete-offsets", "Forget what a group has committed in a topic that no member reads", [name, topicName], async (parsed, kafka, ct) =>
        {
            var operations = new GroupOperations(kafka);
            var (group, topic) = (parsed.GetRequiredValue(name), parsed.GetRequiredValue(topicName));
            await operations.CommittedPartitionsAsync(group, topic, ct);
            if (!change.IsApproved(parsed, $"forget the offsets of group {group} in topic {topic}"))
                return ExitCode.Ok;
            await operations.DeleteOffsetsAsync(group, topic, ct);
            Talk.Say($"{group}: offsets in {topic} forgotten");
            return ExitCode.Ok;
        });
        change.AddTo(verb);
    }
}
