using System.Buffers;

namespace Garam.Broker.Log;

/// <summary>
/// Makes one partition directory whole after any kind of stop. After a clean one it looks at the last few batches only; else it checks every batch past the
/// recovery point, cuts the log where the first one is not whole, and rebuilds what is derived from the batches.
/// </summary>
internal sealed class PartitionRecovery(TopicPartition name, string directory, LogServices services)
{
    private const int ScanBufferBytes = 256 * 1024;
    private const string TruncatedSuffix = ".truncated";
    private readonly Disk _disk = services.Disk;
    private bool _isIncomplete;

    /// <summary>Clients cannot send again what the broker keeps for itself: all that recovery removes of it is kept in a file. Of other topics, whole batches are.</summary>
    private bool IsInternal => name.Topic.StartsWith("__", StringComparison.Ordinal);

    /// <summary>Makes the directory of an empty partition.</summary>
    public RecoveredLog Create(Guid topicId)
    {
        _disk.CreateDirectory(directory);
        PartitionMetadata.Save(_disk, directory, topicId);
        return new RecoveredLog(new SegmentList([LogSegment.Create(_disk, directory, 0, services.Now)]), new ProducerStates(), new LeaderEpochHistory(), topicId)
        {
            LogStartOffset = 0,
            LogEndOffset = 0,
            RecoveryPoint = 0,
            IsNew = true,
        };
    }

    /// <param name="clean">The last process stopped in order: everything is below its recovery point.</param>
    /// <param name="recoveryPoint">Everything below is on stable storage, with its index entries; null when nothing is known of this directory.</param>
    /// <param name="logStart">First readable offset, if it was moved into a segment.</param>
    public RecoveredLog Recover(bool clean, long? recoveryPoint, long logStart)
    {
        var segments = OpenSegments(logStart);
        var buffer = ArrayPool<byte>.Shared.Rent(ScanBufferBytes);
        try
        {
            var endOffset = RecoverSegments(segments, clean, recoveryPoint, buffer);
            if (endOffset < logStart && clean)
            {
                logStart = segments[0].BaseOffset; // it was never above the end when the broker stopped: that file is damaged, and not the log
            }
            if (endOffset < logStart)
            {
                endOffset = StartAt(logStart, segments, endOffset);
            }
            logStart = Math.Max(logStart, segments[0].BaseOffset);
            if (!clean && endOffset > (recoveryPoint ?? 0))
            {
                SyncWhatIsServed(segments, recoveryPoint ?? 0);
            }
            var epochs = LeaderEpochHistory.Load(_disk, directory);
            epochs.TruncateTo(endOffset + 1);
            var producers = RestoreProducers(segments, epochs, logStart, endOffset, buffer);
            return new RecoveredLog(new SegmentList([.. segments]), producers, epochs, PartitionMetadata.Load(_disk, directory))
            {
                LogStartOffset = logStart,
                LogEndOffset = endOffset,
                RecoveryPoint = Math.Min(recoveryPoint ?? 0, endOffset),
                IsIncomplete = _isIncomplete,
                LastAppendTime = segments.FindLast(segment => segment.Size > 0)?.LastAppendTime ?? 0,
                IsNew = recoveryPoint is null or 0, // its names and its metadata may never have been synced, not even by a clean stop
            };
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            segments.ForEach(segment => segment.File.Dispose()); // thousands of partitions are opened, few are used at once
        }
    }

    private List<LogSegment> OpenSegments(long logStart)
    {
        foreach (var folder in _disk.Directories(directory))
        {
            services.Logger.IgnoredUnknownFile(folder);
        }
        CompactionSwap.Finish(_disk, directory);
        var segments = new List<LogSegment>();
        foreach (var file in _disk.Files(directory))
        {
            if (!PartitionFiles.IsKnown(file))
            {
                services.Logger.IgnoredUnknownFile(file);
            }
            else if (file.EndsWith(LogSegment.DeletedSuffix, StringComparison.Ordinal) || file.EndsWith(Disk.TemporarySuffix, StringComparison.Ordinal))
            {
                _disk.Delete(file);
            }
            else if (PartitionFiles.IsSegment(file, out var baseOffset))
            {
                segments.Add(LogSegment.Open(_disk, directory, baseOffset, (int)Math.Min(_disk.LengthOf(file), int.MaxValue), services.Now));
            }
        }
        segments.Sort((one, other) => one.BaseOffset.CompareTo(other.BaseOffset));
        if (segments.Count == 0)
        {
            segments.Add(LogSegment.Create(_disk, directory, logStart, services.Now));
        }
        return segments;
    }

    /// <summary>Returns the offset that the next record gets.</summary>
    private long RecoverSegments(List<LogSegment> segments, bool clean, long? known, byte[] buffer)
    {
        if (clean && known is { } end)
        {
            return RecoverLast(segments, end, buffer);
        }
        var endOffset = RecoverAfterCrash(segments, known, buffer);
        services.Logger.Recovered(name, known ?? 0, endOffset);
        return endOffset;
    }

    /// <summary>After a clean stop the last segment ends at the recovery point, and everything in it was synced: what is different now is damage, and nothing is truncated.</summary>
    private long RecoverLast(List<LogSegment> segments, long known, byte[] buffer)
    {
        var segment = segments[^1];
        var end = Check(segment, long.MaxValue, SegmentChecks.Tail, buffer, out var validSize);
        if (end == known && validSize == segment.Size)
        {
            return end;
        }
        var repair = Repair(segment, known);
        if (repair.Restored > 0)
        {
            end = Check(segment, long.MaxValue, SegmentChecks.Tail, buffer, out validSize);
        }
        return end == Math.Max(known, repair.TrustedEnd) && validSize == segment.Size ? end : GoOnBehind(segments, segments.Count - 1, end, known, repair);
    }

    /// <summary>Segments behind damage are gone from the list and the disk.</summary>
    private long RecoverAfterCrash(List<LogSegment> segments, long? known, byte[] buffer)
    {
        var recoveryPoint = known ?? 0;
        var first = Math.Max(0, segments.FindLastIndex(segment => segment.BaseOffset <= recoveryPoint));
        var endOffset = segments[first].BaseOffset;
        for (var index = first; index < segments.Count; index++)
        {
            var segment = segments[index];
            long? next = index < segments.Count - 1 ? segments[index + 1].BaseOffset : null;
            endOffset = Check(segment, recoveryPoint, SegmentChecks.Batches, buffer, out var validSize);
            var isDamaged = endOffset > next || (validSize < segment.Size && OffsetRepair.HoldsBatches(segment, validSize));
            var repair = isDamaged || (validSize < segment.Size && endOffset < recoveryPoint) ? Repair(segment, next) : null;
            if (repair?.Restored > 0)
            {
                endOffset = Check(segment, recoveryPoint, SegmentChecks.Batches, buffer, out validSize);
            }
            if (validSize < segment.Size && endOffset < recoveryPoint && repair is not null)
            {
                // A torn tail lies after the recovery point. What was synced is damaged: it stays, with what comes after it.
                endOffset = GoOnBehind(segments, index, endOffset, recoveryPoint, repair);
                continue;
            }
            var wasCut = CutTornTail(segment, endOffset, validSize, buffer);
            if (next is not null && (wasCut || IsHole(segment, endOffset, next.Value)))
            {
                RemoveBehind(segments, index, endOffset);
            }
        }
        return endOffset;

        // A power cut may keep a segment and lose the end of the one before it. A log that is not known yet may be Kafka's, whose compaction leaves such gaps.
        bool IsHole(LogSegment segment, long end, long next) => next > end && (known is not null || segment.Size == 0);
    }

    private static long Check(LogSegment segment, long trusted, SegmentChecks checks, byte[] buffer, out int validSize) =>
        segment.Recover(trusted, checks, new LogConfig().IndexIntervalBytes, buffer, out validSize);

    private OffsetRepair Repair(LogSegment segment, long? end)
    {
        var repair = OffsetRepair.Run(segment, end);
        if (repair.Restored > 0)
        {
            services.Logger.RestoredBaseOffsets(name, repair.Restored, segment.File.Path);
        }
        return repair;
    }

    /// <summary>Leaves a damaged segment unchanged. Returns the offset of the next record: that of the next segment, or of a new one, at an offset that no record has had.</summary>
    private long GoOnBehind(List<LogSegment> segments, int index, long damagedAt, long known, OffsetRepair repair)
    {
        _isIncomplete = true;
        var segment = segments[index];
        var isLast = index == segments.Count - 1;
        var endOffset = isLast
            ? Math.Max(Math.Max(known, repair.TrustedEnd), segment.BaseOffset + 1) // two segments cannot have one name
            : segments[index + 1].BaseOffset;
        services.Logger.DamagedSyncedPart(name, damagedAt, segment.File.Path, endOffset);
        if (isLast)
        {
            segments.Add(LogSegment.Create(_disk, directory, endOffset, services.Now));
            _disk.SyncDirectory(directory);
        }
        return endOffset;
    }

    private bool CutTornTail(LogSegment segment, long endOffset, int validSize, byte[] buffer)
    {
        if (validSize == segment.Size)
        {
            return false;
        }
        services.Logger.CutTornTail(name, segment.Size - validSize, endOffset, segment.File.Path);
        KeepTruncated(segment, validSize, buffer);
        segment.Truncate(validSize);
        return true;
    }

    /// <summary>What a crash left in the page cache is served from now on: it must not go away later, nor the names that it is under.</summary>
    private void SyncWhatIsServed(List<LogSegment> segments, long recoveryPoint)
    {
        foreach (var segment in new SegmentList([.. segments]).From(recoveryPoint))
        {
            segment.File.Sync();
        }
        _disk.SyncDirectory(directory);
        if (recoveryPoint == 0)
        {
            _disk.SyncDirectory(Path.GetDirectoryName(directory)!);
        }
    }

    /// <summary>
    /// Records that were to be deleted are lost, and what would have come behind them: the log goes on where they end. From an earlier offset on, its next records would
    /// be taken for deleted ones.
    /// </summary>
    private long StartAt(long logStart, List<LogSegment> segments, long endOffset)
    {
        RemoveBehind(segments, -1, endOffset);
        segments.Add(LogSegment.Create(_disk, directory, logStart, services.Now));
        return logStart;
    }

    private void KeepTruncated(LogSegment segment, int from, byte[] buffer)
    {
        _isIncomplete = true;
        if (from == segment.Size || (!IsInternal && !OffsetRepair.HoldsBatches(segment, from)))
        {
            return;
        }
        var path = $"{segment.File.Path}.{from}{TruncatedSuffix}";
        using var file = _disk.Create(path);
        for (long position = from; position < segment.Size;)
        {
            var read = segment.File.Read(buffer.AsSpan(0, (int)Math.Min(buffer.Length, segment.Size - position)), position);
            if (read == 0)
            {
                break;
            }
            file.Write(buffer.AsSpan(0, read), position - from);
            position += read;
        }
        file.Sync();
        services.Logger.KeptTruncated(name, segment.Size - from, path);
    }

    private void RemoveBehind(List<LogSegment> segments, int last, long endOffset)
    {
        foreach (var segment in segments.Skip(last + 1))
        {
            services.Logger.RemovedSegmentBehindDamage(name, segment.BaseOffset, segment.Size, endOffset);
            KeepTruncated(segment, 0, new byte[ScanBufferBytes]);
            segment.MarkDeleted();
        }
        segments.RemoveRange(last + 1, segments.Count - last - 1);
    }

    /// <summary>The producers of the newest snapshot that is whole, and what was written since; leader epochs are picked up on the way.</summary>
    private ProducerStates RestoreProducers(List<LogSegment> segments, LeaderEpochHistory epochs, long logStart, long endOffset, byte[] buffer)
    {
        var (producers, from) = LoadSnapshot(endOffset);
        from = Math.Max(from, logStart);
        foreach (var segment in new SegmentList([.. segments]).From(from))
        {
            if (from >= endOffset || PositionOf(from, segment) is not { } position)
            {
                continue;
            }
            var scanner = segment.Scan(position, buffer);
            while (scanner.MoveNext())
            {
                producers.Remember(scanner.Header, services.Now);
                epochs.Begin(scanner.Header.PartitionLeaderEpoch, scanner.Header.BaseOffset);
            }
        }
        return producers;
    }

    /// <summary>Null where the segment has nothing of <paramref name="offset"/> or later that can be read.</summary>
    private static long? PositionOf(long offset, LogSegment segment)
    {
        try
        {
            return segment.TryFind(offset, out var position, out _) ? position : null;
        }
        catch (InvalidDataException)
        {
            return null; // damage, which was reported when the segment was checked or will be to those who read it
        }
    }

    private (ProducerStates Producers, long Offset) LoadSnapshot(long endOffset)
    {
        var offsets = _disk.Files(directory, ProducerSnapshot.Extension)
            .Select(path => (Path: path, IsNamed: PartitionFiles.TryParseOffset(path, out var offset), Offset: offset))
            .Where(snapshot => snapshot.IsNamed).OrderByDescending(snapshot => snapshot.Offset);
        foreach (var (path, _, offset) in offsets)
        {
            if (offset <= endOffset && ProducerSnapshot.TryRead(_disk.ReadAll(path)) is { } producers)
            {
                return (producers, offset);
            }
            _disk.Delete(path); // of a part of the log that was cut, or damaged
        }
        return (new ProducerStates(), 0);
    }
}
