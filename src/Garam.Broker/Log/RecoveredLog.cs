namespace Garam.Broker.Log;

/// <summary>What was found of a partition on disk, made whole.</summary>
internal sealed record RecoveredLog(SegmentList Segments, ProducerStates Producers, LeaderEpochHistory Epochs, Guid TopicId)
{
    public required long LogStartOffset { get; init; }

    public required long LogEndOffset { get; init; }

    public required long RecoveryPoint { get; init; }

    public long CompactedTo { get; init; }

    /// <summary>The time of the last batch that has the broker's time; 0 when there is none.</summary>
    public long LastAppendTime { get; init; }

    public bool IsNew { get; init; }

    /// <summary>Recovery has removed bytes from its end, or found records missing that were there.</summary>
    public bool IsIncomplete { get; init; }
}
