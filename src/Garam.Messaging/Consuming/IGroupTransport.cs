using Confluent.Kafka;

namespace Garam.Messaging.Consuming;

/// <summary>
/// A member of a consumer group, as the poll thread needs it. All calls are made by that thread, but <see cref="Commit"/>.
/// Behind it is Confluent's consumer; tests put a script there.
/// </summary>
internal interface IGroupTransport : IDisposable
{
    void Subscribe(IReadOnlyCollection<string> topics, IAssignmentListener listener);

    /// <summary>The next record, or null when none came in time. Calls the listener first when the assignment has changed.</summary>
    /// <exception cref="KafkaException">The consumer reports trouble; only fatal trouble ends it.</exception>
    ConsumeResult<byte[]?, byte[]?>? Poll(TimeSpan timeout);

    void Pause(TopicPartition partition);

    void Resume(TopicPartition partition);

    /// <summary>Commits and waits for the answer. Any thread.</summary>
    /// <exception cref="KafkaException">Not committed, at least one of them.</exception>
    void Commit(IReadOnlyCollection<TopicPartitionOffset> offsets);

    /// <summary>The partition's end as the last fetch saw it; negative while unknown.</summary>
    long EndOffset(TopicPartition partition);

    /// <summary>Leaves the group; the listener is told what is revoked.</summary>
    void Close();
}

/// <summary>Who is told about partitions that come and go, on the thread that polls. Must not throw.</summary>
internal interface IAssignmentListener
{
    void Assigned(IReadOnlyList<TopicPartition> partitions);

    /// <summary>They are this member's until the call returns: the last chance to commit.</summary>
    void Revoked(IReadOnlyList<TopicPartition> partitions);

    /// <summary>They belong to somebody else already.</summary>
    void Lost(IReadOnlyList<TopicPartition> partitions);
}
