namespace Garam.Operations.Topics;

/// <summary>What a clear would take away. Records that arrive after the preview stay, unless they were named by time.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Partitions">Every partition that was asked for, those that lose nothing too.</param>
public sealed record ClearPlan(string Topic, IReadOnlyList<ClearedPartition> Partitions)
{
    /// <summary>How many records go, counted in offsets.</summary>
    public long Records => Partitions.Sum(partition => partition.Records);

    /// <summary>Why that number is more than the records that go.</summary>
    public OffsetGaps Gaps { get; init; }
}

/// <summary>A partition of a <see cref="ClearPlan"/>: everything before <paramref name="Before"/> goes.</summary>
public sealed record ClearedPartition(int Partition, long StartOffset, long Before, long EndOffset)
{
    /// <summary>How many records go, counted in offsets.</summary>
    public long Records => Before - StartOffset;
}
