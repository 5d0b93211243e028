namespace Garam.Broker.Log;

/// <summary>What was found of a partition on disk, made whole.</summary>
internal sealed record RecoveredLog(SegmentList Segments, ProducerStates Producers, LeaderEpochHistory Epochs, Guid TopicId)
{
    public required long LogStartOffset { get; init; }

    public required long LogEndOffset { get; init; }

    public required long RecoveryPoint { get; init; }

    public long CompactedTo { get; init; }

    public bool IsNew { get; init; }
}
