namespace Garam.Broker.Log;

/// <summary>
/// What one flush does, fixed under the partition's lock and carried out without it. A checkpoint also writes index entries and the producers, so that
/// recovery need not look before <see cref="Target"/> again.
/// </summary>
internal sealed record FlushPlan(
    Disk Disk, string Directory, long Target, LogSegment[] Segments, (int Offsets, int Times)[] IndexCounts, byte[]? ProducerSnapshot, LeaderEpochHistory? Epochs, bool DirectoryChanged, bool IsNew)
{
    private const int SnapshotsKept = 2;

    public bool IsCheckpoint => ProducerSnapshot is not null;

    /// <summary>Makes the batches durable, and the names of the files that they are in.</summary>
    /// <exception cref="IOException">The disk failed: how much is durable is unknown from now on.</exception>
    public void SyncBatches()
    {
        foreach (var segment in Segments)
        {
            segment.File.Sync();
        }
        foreach (var closed in Segments.AsSpan(0, Segments.Length - 1))
        {
            closed.File.Dispose(); // a log that rolls quickly does not pile up handles
        }
        if (IsNew)
        {
            Disk.SyncDirectory(Path.GetDirectoryName(Directory)!);
        }
        if (DirectoryChanged)
        {
            Disk.SyncDirectory(Directory);
        }
    }

    /// <summary>Writes what recovery would otherwise have to find out from the batches.</summary>
    /// <exception cref="IOException">The disk is full, for example: the recovery point stays where it is.</exception>
    public void WriteDerived()
    {
        for (var index = 0; IsCheckpoint && index < Segments.Length; index++)
        {
            Segments[index].WriteIndexes(IndexCounts[index], sync: true);
        }
        Epochs?.Save(Disk, Directory); // before the snapshot: recovery finds no epochs in what comes before that
        if (ProducerSnapshot is not null)
        {
            Disk.Replace(LogSegment.PathOf(Directory, Target) + Log.ProducerSnapshot.Extension, ProducerSnapshot, sync: true);
            RemoveOldSnapshots();
        }
        if (IsNew)
        {
            using var metadata = new LogFile(Disk, Path.Combine(Directory, PartitionMetadata.FileName));
            metadata.Sync();
        }
    }

    /// <summary>The newest is what recovery starts from; the one before it serves when that is damaged.</summary>
    private void RemoveOldSnapshots()
    {
        var snapshots = Disk.Files(Directory, Log.ProducerSnapshot.Extension).Order(StringComparer.Ordinal);
        foreach (var old in snapshots.SkipLast(SnapshotsKept))
        {
            Disk.Delete(old);
        }
    }
}
