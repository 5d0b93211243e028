using System.CommandLine;
using Garam.Clusters;
using Garam.CommandLine;
using Garam.Connections;
using Garam.Operations.Clusters;
using Garam.Operations.Topics;

namespace Garam.Topics;

/// <summary><c>garam topic ...</c>, on any Kafka.</summary>
internal static class TopicCommands
{
    public static Command Create()
    {
        var noun = new KafkaNoun("topic", "See and manage topics, on any Kafka");
        noun.Default(AddList(noun));
        AddDescribe(noun);
        TopicLifecycle.AddTo(noun);
        TopicConfigCommand.AddTo(noun);
        TopicClearCommand.AddTo(noun);
        TopicCopyCommand.AddTo(noun);
        TopicCountCommand.AddTo(noun);
        return noun.Command;
    }

    private static Command AddList(KafkaNoun noun)
    {
        var all = new Option<bool>("--internal") { Description = "list Kafka's own topics, too" };
        var verb = noun.Verb("list", "List topics", [all], async (parsed, kafka, ct) =>
        {
            var topics = (await new TopicOperations(kafka).ListAsync(ct)).Where(topic => parsed.GetValue(all) || !topic.Internal).ToList();
            Output.Print(noun.Format(parsed), topics,
                ("NAME", topic => topic.Name), ("PARTITIONS", topic => topic.Partitions), ("REPLICATION", topic => topic.ReplicationFactor));
            return ExitCode.Ok;
        });
        verb.Aliases.Add("ls");
        return verb;
    }

    private static void AddDescribe(KafkaNoun noun)
    {
        var names = KafkaNames.AllTopics(noun.Connection);
        var measured = new Option<bool>("--sizes") { Description = "show what each copy of each partition takes on its broker's disk" };
        var verb = noun.Verb("describe", "Show partitions, offsets and configs of topics", [names, measured], async (parsed, kafka, ct) =>
        {
            var topics = await new TopicOperations(kafka).DescribeAsync(parsed.GetRequiredValue(names), ct);
            if (parsed.GetValue(measured))
                await PrintSizesAsync(noun.Format(parsed), topics, new ClusterOperations(kafka), ct);
            else
                Output.PrintAll(noun.Format(parsed), topics, Show);
            return ExitCode.Ok;
        });
        verb.Aliases.Add("desc");
    }

    private static async Task PrintSizesAsync(OutputFormat format, IReadOnlyList<TopicDetail> topics, ClusterOperations cluster, CancellationToken ct)
    {
        var rows = new List<ReplicaSize>();
        foreach (var topic in topics)
        {
            var sizes = await cluster.SizesAsync((topic.Name, [.. topic.Partitions.Select(partition => partition.Partition)]), ct);
            rows.AddRange(sizes.Replicas.OrderBy(replica => replica.Partition).ThenBy(replica => replica.Broker));
            ClusterCommands.SayUnknown(sizes);
        }

        Output.Print(format, rows, ("TOPIC", row => row.Topic), ("PARTITION", row => row.Partition), ("BROKER", row => row.Broker), ("BYTES", row => row.Bytes));
    }

    private static string RecordsOf(TopicDetail topic)
    {
        var counted = Words.Count(topic.Partitions.Sum(partition => partition.Records ?? 0), "record");
        var leaderless = topic.Partitions.Count(partition => partition.Records is null);
        var partly = leaderless == 0 ? "" : $"; {Words.Count(leaderless, "partition")} without a leader not counted";
        return $"{Counts.Of(counted, topic.Gaps)}{partly}";
    }

    private static void Show(TextWriter output, TopicDetail topic)
    {
        output.WriteLine($"topic {Cells.Visible(topic.Name)}: {Words.Count(topic.Partitions.Count, "partition")}, {RecordsOf(topic)}");
        foreach (var (name, value) in topic.Configs)
            output.WriteLine($"config {name}={Cells.Visible(value)}");
        Output.WriteTable(output, topic.Partitions,
            ("PARTITION", partition => partition.Partition), ("LEADER", partition => partition.Leader),
            ("REPLICAS", partition => string.Join(',', partition.Replicas)), ("IN SYNC", partition => string.Join(',', partition.InSyncReplicas)),
            ("START", partition => partition.StartOffset), ("END", partition => partition.EndOffset), ("RECORDS", partition => partition.Records));
    }
}
