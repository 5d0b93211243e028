using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Garam.Operations.Connections;
using Garam.Operations.DeadLetters;
using Garam.Operations.Groups;
using Garam.Operations.Topics;

namespace Garam.Operations.Clusters;

/// <summary>A cluster. The counts include Kafka's own topics.</summary>
public sealed record ClusterDetail(string Id, int? Controller, IReadOnlyList<ClusterNode> Nodes, int Topics, int Partitions, int Groups);

/// <summary>A broker of a cluster, as it tells clients to reach it.</summary>
public sealed record ClusterNode(int Id, string Host, int Port, string? Rack);

/// <summary>A setting of a broker.</summary>
/// <param name="Name">Kafka's name, for example <c>log.retention.ms</c>.</param>
/// <param name="Value">What is in force; null where the broker hides it.</param>
/// <param name="IsDefault">It has not been set.</param>
public sealed record NodeConfig(string Name, string? Value, bool IsDefault);

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

    /// <summary>Whether every partition has a leader and all of its replicas are in sync; one request.</summary>
    /// <exception cref="OperationException">No broker answered.</exception>
    public async Task<ClusterHealth> HealthAsync(CancellationToken cancellationToken)
    {
        var brokers = (await kafka.MetadataAsync(cancellationToken)).Brokers.Count;
        return ClusterHealth.Of(brokers, await new TopicOperations(kafka).ListAsync(cancellationToken));
    }

    /// <summary>The same with the consumer groups and the dead letters: what the console's overview says of the cluster.</summary>
    /// <param name="alarms">Groups that raise no alarm are not problems.</param>
    /// <param name="watch">Keeps the earlier looks: whether a group advances is seen from the second one on.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="OperationException">No broker answered.</exception>
    public async Task<ClusterHealth> HealthAsync(GroupAlarms alarms, GroupWatch watch, CancellationToken cancellationToken)
    {
        var groups = new GroupOperations(kafka);
        var (judging, reading) = (HealthAsync(cancellationToken), new DeadLetterOperations(kafka).ListAsync(cancellationToken));
        var lags = await groups.LagAsync([.. (await groups.ListAsync(cancellationToken)).Select(group => group.Name)], cancellationToken);
        var rules = await alarms.RulesAsync(cancellationToken);
        var observed = lags.Select(group => new ObservedGroup(group.Name, watch.Observe(group).State, group.Lag, group.Coverage) { Silence = alarms.Of(group, rules) }).ToList();
        return (await judging).With(observed, await reading);
    }

    /// <summary>What the copies of partitions take on disk.</summary>
    /// <param name="topic">A topic with the numbers of its partitions; null: all topics.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="OperationException">No broker answered.</exception>
    public Task<LogSizes> SizesAsync((string Name, IReadOnlyList<int> Partitions)? topic, CancellationToken cancellationToken) => new LogSizeReader(kafka).ReadAsync(
        topic is { } one ? new Dictionary<string, IReadOnlyList<int>> { [one.Name] = one.Partitions } : null, cancellationToken);

    /// <summary>How the partitions lie on the brokers, by broker.</summary>
    /// <param name="sizes">As measured; bytes of a broker that did not answer are null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="OperationException">No broker answered.</exception>
    public async Task<IReadOnlyList<NodeLoad>> LoadAsync(LogSizes sizes, CancellationToken cancellationToken)
    {
        var metadata = await kafka.MetadataAsync(cancellationToken);
        var partitions = metadata.Topics.SelectMany(topic => topic.Partitions).ToList();
        var leaders = partitions.CountBy(partition => partition.Leader).ToDictionary();
        var copies = partitions.SelectMany(partition => partition.Replicas).CountBy(broker => broker).ToDictionary();
        var bytes = sizes.Replicas.GroupBy(replica => replica.Broker).ToDictionary(broker => broker.Key, broker => broker.Sum(replica => replica.Bytes));
        return [.. metadata.Brokers.Select(broker => broker.BrokerId).Order().Select(broker => new NodeLoad(
            broker, leaders.GetValueOrDefault(broker), copies.GetValueOrDefault(broker), sizes.Unknown.ContainsKey(broker) ? null : bytes.GetValueOrDefault(broker)))];
    }

    /// <summary>Every setting of a broker, by name.</summary>
    /// <exception cref="OperationException">The broker refused, did not answer, or is not there.</exception>
    public async Task<IReadOnlyList<NodeConfig>> ConfigsAsync(int node, CancellationToken cancellationToken)
    {
        var broker = new ConfigResource { Type = ResourceType.Broker, Name = node.ToString(CultureInfo.InvariantCulture) };
        var found = await kafka.AskAsync(admin => admin.DescribeConfigsAsync([broker]), cancellationToken);
        return [.. found.Single().Entries.Values.OrderBy(entry => entry.Name, StringComparer.Ordinal)
            .Select(entry => new NodeConfig(entry.Name, entry.IsSensitive ? null : entry.Value, entry.Source is ConfigSource.DefaultConfig || entry.IsDefault))];
    }
}
