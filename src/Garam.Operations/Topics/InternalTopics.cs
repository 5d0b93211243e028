using Garam.Operations.Connections;

namespace Garam.Operations.Topics;

/// <summary>Topics in which Kafka keeps its own state. A record that is written, removed or expired there can lose every group's offsets.</summary>
public static class InternalTopics
{
    /// <summary>The list call carries no flag; these are the names that Kafka's own clients go by.</summary>
    public static bool Contains(string topic) => topic is "__consumer_offsets" or "__transaction_state" or "__share_group_state";

    /// <summary>Why a topic is not changed; null: it may be.</summary>
    internal static OperationException? Refusal(this KafkaConnection kafka, string topic) => kafka.AllowInternal || !Contains(topic)
        ? null
        : new OperationException(
            FailureKind.Invalid,
            $"{topic} is an internal topic of Kafka: changing it can lose the offsets of every group, so nothing was changed. On the command line, --allow-internal overrides this.");

    /// <exception cref="OperationException">The topic is internal, and this connection must not change such topics.</exception>
    internal static void EnsureMayChange(this KafkaConnection kafka, string topic)
    {
        if (kafka.Refusal(topic) is { } refusal)
            throw refusal;
    }
}
