namespace Garam.Operations.Clusters;

/// <summary>Whether every partition of a cluster is led, and all of its copies are in sync.</summary>
/// <param name="Nodes">Brokers that are there.</param>
/// <param name="Topics">Topics, Kafka's own too.</param>
/// <param name="Partitions">Their partitions.</param>
/// <param name="Leaderless">Partitions that nobody leads, <c>TOPIC:N</c>: they can be neither written nor read.</param>
/// <param name="OutOfSync">Partitions of which a copy is behind or away, <c>TOPIC:N</c>.</param>
public sealed record ClusterHealth(int Nodes, int Topics, int Partitions, IReadOnlyList<string> Leaderless, IReadOnlyList<string> OutOfSync)
{
    public bool IsGood => Leaderless.Count == 0 && OutOfSync.Count == 0;
}
