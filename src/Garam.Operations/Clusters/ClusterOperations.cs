using Confluent.Kafka;
using Garam.Operations.Connections;
using Garam.Operations.Groups;
using Garam.Operations.Topics;

namespace Garam.Operations.Clusters;

/// <summary>A cluster. The counts include Kafka's own topics.</summary>
public sealed record ClusterDetail(string Id, int? Controller, IReadOnlyList<ClusterNode> Nodes, int Topics, int Partitions, int Groups);

/// <summary>A broker of a cluster, as it tells clients to reach it.</summary>
public sealed record ClusterNode(int Id, string Host, int Port, string? Rack);

/// <summary>What can be known of a cluster.</summary>
public sealed class ClusterOperations(KafkaConnection kafka)
{
    /// <exception cref="OperationException">The broker refused, or none answered.</exception>
    public async Task<ClusterDetail> DescribeAsync(CancellationToken cancellationToken)
    {
        var describing = kafka.AskAsync(admin => admin.DescribeClusterAsync(), cancellationToken);
        var listing = new TopicOperations(kafka).ListAsync(cancellationToken);
        var grouping = new GroupOperations(kafka).ListAsync(cancellationToken);
        await Task.WhenAll(describing, listing, grouping);
        var (cluster, topics, groups) = (await describing, await listing, await grouping);
        return new ClusterDetail(
            cluster.ClusterId,
            cluster.Controller is { Id: >= 0 } controller ? controller.Id : null,
            [.. cluster.Nodes.Select(node => new ClusterNode(node.Id, node.Host, node.Port, node.Rack)).OrderBy(node => node.Id)],
            topics.Count,
            topics.Sum(topic => topic.Partitions),
            groups.Count);
    }

    /// <summary>Whether all is well; one request.</summary>
    /// <exception cref="OperationException">No broker answered.</exception>
    public async Task<ClusterHealth> HealthAsync(CancellationToken cancellationToken)
    {
        var metadata = await kafka.MetadataAsync(cancellationToken);
        var partitions = metadata.Topics.SelectMany(topic => topic.Partitions.Select(partition => (Name: $"{topic.Topic}:{partition.PartitionId}", Facts: partition))).ToList();
        return new ClusterHealth(
            metadata.Brokers.Count,
            metadata.Topics.Count,
            partitions.Count,
            [.. partitions.Where(partition => partition.Facts.Leader < 0).Select(partition => partition.Name)],
            [.. partitions.Where(partition => partition.Facts.InSyncReplicas.Length < partition.Facts.Replicas.Length).Select(partition => partition.Name)]);
    }
}
