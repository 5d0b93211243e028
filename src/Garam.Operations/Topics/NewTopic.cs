namespace Garam.Operations.Topics;

/// <summary>A topic to create.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Partitions">Null: the cluster's default.</param>
/// <param name="ReplicationFactor">Null: the cluster's default.</param>
/// <param name="Configs">By Kafka's names; null: none.</param>
public sealed record NewTopic(string Name, int? Partitions, short? ReplicationFactor, IReadOnlyDictionary<string, string>? Configs);
