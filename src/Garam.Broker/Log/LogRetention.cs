namespace Garam.Broker.Log;

/// <summary>Deletes whole segments from the old end of a log: those that are too old, too many, or behind the log start.</summary>
internal sealed class LogRetention(LogServices services, DelayedRemoval removal)
{
    /// <summary>True when anything went.</summary>
    public bool Apply(PartitionLog log)
    {
        var start = log.Segments[0].BaseOffset;
        DeleteBehindStart(log);
        DeleteByPolicy(log, log.Config);
        return log.Segments[0].BaseOffset != start;
    }

    private void DeleteBehindStart(PartitionLog log) =>
        Delete(log, segment => segment.End <= log.LogStartOffset, "being behind the log start");

    private void DeleteByPolicy(PartitionLog log, LogConfig config)
    {
        if (!config.CleanupPolicy.HasFlag(CleanupPolicy.Delete))
        {
            return;
        }
        if (config.RetentionMs >= 0)
        {
            var oldest = services.Now - config.RetentionMs;
            Delete(log, segment => (segment.Segment.MaxTimestamp >= 0 ? segment.Segment.MaxTimestamp : segment.Segment.CreatedAt) < oldest, "their age");
        }
        if (config.RetentionBytes >= 0)
        {
            var excess = log.SizeInBytes - config.RetentionBytes;
            Delete(log, segment => (excess -= segment.Segment.Size) >= 0, "the size of the log");
        }
    }

    private void Delete(PartitionLog log, Func<Candidate, bool> isDue, string reason)
    {
        var end = log.LogEndOffset; // first: what is appended from here on is not judged
        var segments = log.Segments.ToArray();
        var count = 0;
        while (count < segments.Length && segments[count].Size > 0 && isDue(new Candidate(segments[count], segments.ElementAtOrDefault(count + 1)?.BaseOffset ?? end)))
        {
            count++;
        }
        if (count == segments.Length && !log.TryRollAt(end)) // an empty log keeps its offsets: in the name of its last segment
        {
            count--; // somebody appends to it at this moment
        }
        if (count == 0 || log.IsClosed)
        {
            return;
        }
        log.Checkpoint();
        if (log.Segments.Length <= count || log.RecoveryPoint < log.Segments[count].BaseOffset)
        {
            return; // a flush that may still be under way needs these segments
        }
        foreach (var due in log.Segments[..count])
        {
            due.MarkDeleted();
        }
        // before the log start is taken from the oldest segment again: a power cut that brought old names back would bring deleted records back
        services.Disk.SyncDirectory(log.DirectoryPath);
        foreach (var removed in log.RemoveOldestSegments(count))
        {
            removal.Schedule(log.Config.FileDeleteDelayMs, removed.Delete, removed.File.Path);
        }
        services.Logger.DeletedSegments(log.Name, count, reason, log.LogStartOffset);
    }

    /// <summary>A segment, and where it ends.</summary>
    private readonly record struct Candidate(LogSegment Segment, long End);
}
