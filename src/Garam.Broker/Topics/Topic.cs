using Garam.Broker.Configuration;
using Garam.Broker.Log;

namespace Garam.Broker.Topics;

/// <summary>A topic as it is now; a change makes a new one.</summary>
internal sealed record Topic(string Name, Guid Id, TopicConfig Config, IReadOnlyList<PartitionLog> Partitions)
{
    public bool IsInternal => TopicName.IsInternal(Name);

    /// <summary>The log of a partition, or null when there is no such partition.</summary>
    public PartitionLog? Partition(int index) => (uint)index < (uint)Partitions.Count ? Partitions[index] : null;
}
