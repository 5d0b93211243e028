namespace Garam.Operations.Clusters;

/// <summary>What the copies of partitions take on the disks of their brokers.</summary>
/// <param name="Replicas">One for each copy that a broker told of.</param>
/// <param name="Unknown">Why there are none of a broker, by its id; empty: every broker answered.</param>
public sealed record LogSizes(IReadOnlyList<ReplicaSize> Replicas, IReadOnlyDictionary<int, string> Unknown)
{
    /// <summary>Before anything was measured.</summary>
    public static readonly LogSizes None = new([], new Dictionary<int, string>());

    /// <summary>Bytes of each topic over all of its copies.</summary>
    public IReadOnlyDictionary<string, long> ByTopic => field ??= Replicas.GroupBy(replica => replica.Topic).ToDictionary(topic => topic.Key, topic => topic.Sum(replica => replica.Bytes));

    /// <summary>Bytes of a partition's copy on a broker; null: not known.</summary>
    public long? Of(string topic, int partition, int? broker) =>
        Replicas.FirstOrDefault(replica => replica.Topic == topic && replica.Partition == partition && replica.Broker == broker)?.Bytes;
}

/// <summary>A copy of a partition on a broker.</summary>
public sealed record ReplicaSize(int Broker, string Topic, int Partition, long Bytes);

/// <summary>How the partitions of a cluster lie on a broker.</summary>
/// <param name="Node">Its id.</param>
/// <param name="Leaders">Partitions that it leads.</param>
/// <param name="Replicas">Copies that it has, those that it leads among them.</param>
/// <param name="Bytes">What they take on its disks; null: not known.</param>
public sealed record NodeLoad(int Node, int Leaders, int Replicas, long? Bytes);
