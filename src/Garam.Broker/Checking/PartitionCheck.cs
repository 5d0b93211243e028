namespace Garam.Broker.Checking;

/// <summary>What <see cref="DataDirectoryCheck"/> found in one partition directory.</summary>
/// <param name="Directory">Its name, for example <c>orders-0</c>.</param>
/// <param name="Kind">What the broker makes of it.</param>
/// <param name="Segments">Segment files.</param>
/// <param name="Batches">Batches whose checksums are valid.</param>
/// <param name="Records">Records in these.</param>
/// <param name="Bytes">The size of the segment files, damage included.</param>
/// <param name="FirstOffset">The offset of the first intact batch; null when there is none.</param>
/// <param name="EndOffset">The offset after the last intact batch; null when there is none.</param>
/// <param name="Faults">What is wrong, one sentence each; empty: intact.</param>
public sealed record PartitionCheck(
    string Directory, PartitionKind Kind, int Segments, long Batches, long Records, long Bytes, long? FirstOffset, long? EndOffset, IReadOnlyList<string> Faults);

/// <summary>What a partition directory is to the broker.</summary>
public enum PartitionKind
{
    /// <summary>A partition of a topic that the metadata names.</summary>
    Topic,

    /// <summary>The broker's own: its metadata or the committed offsets.</summary>
    Internal,

    /// <summary>The metadata does not name its topic. The broker keeps it and does not serve it.</summary>
    Stray,
}
