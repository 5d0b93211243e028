namespace Garam.Broker.Log;

/// <summary>How much of a segment is looked at when its indexes are taken up.</summary>
internal enum SegmentChecks
{
    /// <summary>What comes after the last index entry: after a clean stop.</summary>
    Tail,

    /// <summary>Also whether the last entry of the time index is that of its batch and whether later ones are missing.</summary>
    Indexes,

    /// <summary>Also the checksums of the batches that are not known to be on stable storage.</summary>
    Batches,
}
