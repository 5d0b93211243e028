namespace Garam.Messaging.Topics;

/// <summary>Makes sure that topics exist.</summary>
public interface ITopicAdmin
{
    /// <summary>
    /// Creates those of <paramref name="topics"/> that are missing and returns when the cluster's metadata shows all of them
    /// with leaders. A topic that exists is left as it is; another number of partitions than asked for is reported in the log.
    /// </summary>
    /// <exception cref="TopicAdminException">The cluster refused a topic, or could not be reached in time.</exception>
    Task EnsureTopicsAsync(IReadOnlyList<TopicDefinition> topics, CancellationToken cancellationToken);

    /// <summary>The end of each partition of an existing topic: the offset that its next record will have, by partition.</summary>
    /// <exception cref="TopicAdminException">The topic does not exist, or the cluster could not be reached in time.</exception>
    Task<IReadOnlyDictionary<int, long>> EndOffsetsAsync(string topic, CancellationToken cancellationToken);
}

/// <summary>A topic as its owner wants it. The replication is the cluster's default.</summary>
/// <param name="Name">Name of the topic.</param>
/// <param name="Partitions">Number of partitions; null: the cluster's default.</param>
/// <param name="Configs">Topic configs by Kafka's names; null: none.</param>
public sealed record TopicDefinition(string Name, int? Partitions = null, IReadOnlyDictionary<string, string>? Configs = null);
