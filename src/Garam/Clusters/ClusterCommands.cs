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
        var verb = noun.Verb("describe", "Show the brokers of a cluster and what it holds", [], async (parsed, kafka, ct) =>
        {
            var cluster = await new ClusterOperations(kafka).DescribeAsync(ct);
            Output.PrintOne(noun.Format(parsed), cluster, output => Show(output, cluster));
            return ExitCode.Ok;
        });
        verb.Aliases.Add("desc");
        return verb;
    }

    private static void Show(TextWriter output, ClusterDetail cluster)
    {
        output.WriteLine($"cluster {Cells.Visible(cluster.Id)}: {Words.Count(cluster.Topics, "topic")}, {Words.Count(cluster.Partitions, "partition")}, {Words.Count(cluster.Groups, "group")}");
        Output.WriteTable(output, cluster.Nodes,
            ("NODE", node => node.Id), ("ADDRESS", node => $"{node.Host}:{node.Port}"), ("RACK", node => node.Rack), ("ROLE", node => node.Id == cluster.Controller ? "controller" : ""));
    }
}
