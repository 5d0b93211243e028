using System.Text.Json.Serialization;

namespace Garam.Operations.Topics;

/// <summary>One line of a list of topics.</summary>
public sealed record TopicSummary(string Name, int Partitions, int ReplicationFactor, bool Internal)
{
    /// <summary>Partitions without a leader: they can be neither read nor written.</summary>
    [JsonIgnore]
    public IReadOnlyList<int> Leaderless { get; init; } = [];

    /// <summary>Partitions of which a replica is behind or away.</summary>
    [JsonIgnore]
    public IReadOnlyList<int> OutOfSync { get; init; } = [];
}

/// <summary>A topic in full. Configs are those that differ from the cluster's defaults.</summary>
public sealed record TopicDetail(string Name, bool Internal, IReadOnlyList<PartitionDetail> Partitions, IReadOnlyDictionary<string, string> Configs)
{
    /// <summary>Why the numbers of records, which are counted in offsets, are more than there are.</summary>
    public OffsetGaps Gaps { get; init; }
}

/// <summary>
/// A partition: who leads it, who has copies, and the offsets between which its records lie. <see cref="Records"/> counts offsets: after
/// compaction, and where transactions left their markers, there are fewer records than that.
/// </summary>
public sealed record PartitionDetail(int Partition, int? Leader, IReadOnlyList<int> Replicas, IReadOnlyList<int> InSyncReplicas, long? StartOffset, long? EndOffset)
{
    /// <summary>Null while nobody leads the partition.</summary>
    public long? Records => EndOffset - StartOffset;
}

/// <summary>The sums of a topic's first offsets and of the offsets after its last records. The second only grows while the topic lives: records per second are its difference.</summary>
public sealed record TopicExtent(long Start, long End)
{
    public long Records => End - Start;

    internal TopicExtent With(PartitionBounds partition) => new(Start + partition.Start, End + partition.End);
}
