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
    private bool _wasTruncated;

    /// <summary>What the broker keeps for itself cannot be sent again by anybody: what recovery removes of it stays in a file.</summary>
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
                WasTruncated = _wasTruncated,
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

    /// <summary>Returns the offset that the next record gets. Segments behind damage are gone from the list and the disk.</summary>
    private long RecoverSegments(List<LogSegment> segments, bool clean, long? known, byte[] buffer)
    {
        var recoveryPoint = known ?? 0;
        var first = clean ? segments.Count - 1 : Math.Max(0, segments.FindLastIndex(segment => segment.BaseOffset <= recoveryPoint));
        var (endOffset, isDamaged) = (segments[first].BaseOffset, false);
        for (var index = first; index < segments.Count; index++)
        {
            var segment = segments[index];
            endOffset = RecoverSegment(segment, clean ? long.MaxValue : recoveryPoint, out var wasCut);
            if (index < segments.Count - 1 && (wasCut || (!clean && IsHole(segment, endOffset, segments[index + 1]))))
            {
                RemoveBehind(segments, index, endOffset);
            }
        }
        if (isDamaged)
        {
            segments.Add(LogSegment.Create(_disk, directory, endOffset, services.Now));
            _disk.SyncDirectory(directory);
        }
        if (!clean)
        {
            services.Logger.Recovered(name, recoveryPoint, endOffset);
        }
        return endOffset;

        // A power cut may keep a segment and lose the end of the one before it. A log that is not known yet may be Kafka's, whose compaction leaves such gaps.
        bool IsHole(LogSegment segment, long end, LogSegment next) => next.BaseOffset > end && (known is not null || segment.Size == 0);

        long RecoverSegment(LogSegment segment, long trusted, out bool wasCut)
        {
            var interval = new LogConfig().IndexIntervalBytes;
            var end = segment.Recover(trusted, clean ? SegmentChecks.Tail : SegmentChecks.Batches, interval, buffer, out var validSize);
            wasCut = validSize < segment.Size;
            if (wasCut && clean && known > end)
            {
                // It was whole when the broker stopped, so the disk has changed it since: what comes after the damage is still good.
                services.Logger.DamagedAfterCleanStop(name, end, segment.File.Path, known.Value);
                (isDamaged, wasCut) = (true, false);
                return known.Value;
            }
            if (wasCut)
            {
                services.Logger.CutTornTail(name, segment.Size - validSize, end, segment.File.Path);
                KeepTruncated(segment, validSize, buffer);
                segment.Truncate(validSize);
            }
            return end;
        }
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
        _wasTruncated = true;
        if (!IsInternal || from == segment.Size)
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
            if (from >= endOffset || !segment.TryFind(from, out var position, out _))
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
