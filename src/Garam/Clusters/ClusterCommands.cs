using System.CommandLine;
using Garam.CommandLine;
using Garam.Connections;
using Garam.Operations.Clusters;

namespace Garam.Clusters;

/// <summary><c>garam cluster describe|health</c>, of any Kafka.</summary>
internal static class ClusterCommands
{
    public static Command Create()
    {
        var noun = new KafkaNoun("cluster", "See the brokers of a Kafka, and whether all is well with them");
        noun.Default(AddDescribe(noun));
        ClusterHealthCommand.AddTo(noun);
        return noun.Command;
    }

    private static Command AddDescribe(KafkaNoun noun)
    {
        var measured = new Option<bool>("--sizes") { Description = "show how many partitions each broker leads and has, and what they take on its disks" };
        var verb = noun.Verb("describe", "Show the brokers of a cluster and what it holds", [measured], async (parsed, kafka, ct) =>
        {
            var operations = new ClusterOperations(kafka);
            var cluster = await operations.DescribeAsync(ct);
            if (!parsed.GetValue(measured))
            {
                Output.PrintOne(noun.Format(parsed), cluster, output => Show(output, cluster));
                return ExitCode.Ok;
            }

            var sizes = await operations.SizesAsync(null, ct);
            Output.Print(noun.Format(parsed), await operations.LoadAsync(sizes, ct),
                ("NODE", node => node.Node), ("LEADS", node => node.Leaders), ("COPIES", node => node.Replicas), ("BYTES", node => node.Bytes));
            SayUnknown(sizes);
            return ExitCode.Ok;
        });
        verb.Aliases.Add("desc");
        return verb;
    }

    /// <summary>Says which brokers the sizes are not of.</summary>
    public static void SayUnknown(LogSizes sizes)
    {
        foreach (var unknown in sizes.Unknown.GroupBy(broker => broker.Value, broker => broker.Key))
            Talk.Say($"sizes of {Words.Of(unknown.Count(), "broker")} {string.Join(", ", unknown)} are not known: {unknown.Key}");
    }

    private static void Show(TextWriter output, ClusterDetail cluster)
    {
        output.WriteLine($"cluster {Cells.Visible(cluster.Id)}: {Words.Count(cluster.Topics, "topic")}, {Words.Count(cluster.Partitions, "partition")}, {Words.Count(cluster.Groups, "group")}");
        Output.WriteTable(output, cluster.Nodes,
            ("NODE", node => node.Id), ("ADDRESS", node => $"{node.Host}:{node.Port}"), ("RACK", node => node.Rack), ("ROLE", node => node.Id == cluster.Controller ? "controller" : ""));
    }
}
