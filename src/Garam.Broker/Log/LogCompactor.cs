using System.Buffers;
using Garam.Kafka.Compression;
using Garam.Kafka.Records;

namespace Garam.Broker.Log;

/// <summary>
/// Keeps the latest record of each key. Offsets and order never change; the active segment is not touched; a tombstone stays for
/// <c>delete.retention.ms</c> after it was first met, so that a reader on its way sees it (KIP-534).
/// <code>
/// |--- compacted before ---|-------- dirty: its keys are collected --------|-- too young --|-- active --|
/// |------------ both are rewritten without superseded records ------------|
/// </code>
/// </summary>
internal sealed class LogCompactor(LogServices services, DelayedRemoval removal, long memoryLimit)
{
    private const int ScanBufferBytes = 256 * 1024;

    /// <summary>Compacts <paramref name="log"/> when its policy asks for it and enough of it is dirty; true when it did.</summary>
    public bool Compact(PartitionLog log, CancellationToken cancellationToken)
    {
        if (!log.Config.CleanupPolicy.HasFlag(CleanupPolicy.Compact) || log.IsClosed || log.IsUncompactable)
        {
            return false;
        }
        var closed = Cleanable(log);
        var dirty = closed.Where((segment, index) => log.Segments[index + 1].BaseOffset > log.CompactedTo).ToArray();
        if (dirty.Length == 0 || !IsDue(log, closed, dirty))
        {
            return false;
        }
        var buffer = ArrayPool<byte>.Shared.Rent(ScanBufferBytes);
        try
        {
            var keys = new KeyOffsets(memoryLimit);
            var end = CollectKeys(log, dirty, keys, buffer, cancellationToken);
            Rewrite(log, closed.Where(segment => segment.BaseOffset < end), keys, end, buffer, cancellationToken);
            return true;
        }
        catch (InvalidDataException damage)
        {
            log.IsUncompactable = true; // to go on would make the damage permanent
            services.Logger.NotCompactedDamaged(damage, log.Name);
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Closed segments that are durable, and old enough to be compacted.</summary>
    private List<LogSegment> Cleanable(PartitionLog log)
    {
        var all = log.Segments;
        var limit = Math.Min(log.RecoveryPoint, log.HighWatermark);
        var young = services.Now - log.Config.MinCompactionLagMs;
        var cleanable = new List<LogSegment>();
        for (var index = 0; index < all.Length - 1 && all[index + 1].BaseOffset <= limit; index++)
        {
            if (log.Config.MinCompactionLagMs > 0 && all[index].MaxTimestamp > young)
            {
                break;
            }
            cleanable.Add(all[index]);
        }
        return cleanable;
    }

    private bool IsDue(PartitionLog log, List<LogSegment> closed, LogSegment[] dirty)
    {
        var ratio = (double)dirty.Sum(segment => (long)segment.Size) / Math.Max(1, closed.Sum(segment => (long)segment.Size));
        return ratio > log.Config.MinCleanableDirtyRatio || services.Now - log.Config.MaxCompactionLagMs > dirty[0].FirstTimestamp;
    }

    /// <summary>Collects the keys of the dirty segments, as far as memory allows, and returns where that ended.</summary>
    private static long CollectKeys(PartitionLog log, LogSegment[] dirty, KeyOffsets keys, byte[] buffer, CancellationToken cancellationToken)
    {
        var end = log.CompactedTo;
        foreach (var segment in dirty)
        {
            var scanner = segment.Scan(0, buffer);
            while (scanner.MoveNext())
            {
                log.ThrowIfClosed(cancellationToken); // a deletion waits for this, and other changes of topics wait for the deletion
                if (scanner.Header.LastOffset < log.CompactedTo)
                {
                    continue; // memory for keys ran out in the middle of this segment last time
                }
                if (keys.IsFull)
                {
                    return end;
                }
                CollectKeys(log, ref scanner, keys);
                end = scanner.Header.NextOffset;
            }
            scanner.ThrowIfStopped();
        }
        return end;
    }

    private static void CollectKeys(PartitionLog log, ref SegmentScanner scanner, KeyOffsets keys)
    {
        if (scanner.Header.Attributes.IsControl)
        {
            return;
        }
        using var batch = OpenBatch(log, ref scanner, out var records);
        while (records.TryRead(out var record))
        {
            if (record.HasKey)
            {
                keys.Set(record.Key, record.Offset);
            }
        }
    }

    private void Rewrite(PartitionLog log, IEnumerable<LogSegment> segments, KeyOffsets keys, long end, byte[] buffer, CancellationToken cancellationToken)
    {
        long before = 0, after = 0;
        foreach (var group in Group(segments, log.Config.SegmentBytes))
        {
            var size = group.Sum(segment => (long)segment.Size);
            before += size;
            var compacted = new SegmentCompaction(log, keys, end, services.Now, buffer).Run(group, cancellationToken);
            after += compacted?.Size ?? size;
            if (compacted is null)
            {
                continue;
            }
            CompactionSwap.Carry(log.DirectoryPath, compacted, group);
            log.ReplaceSegments(group, compacted);
            foreach (var old in group)
            {
                removal.Schedule(log.Config.FileDeleteDelayMs, old.Delete, old.File.Path);
            }
        }
        log.CompactedTo = end;
        services.Logger.Compacted(log.Name, before, after, end);
    }

    /// <summary>Neighbours that fit into one segment together, even if nothing of them goes away: small ones grow together.</summary>
    private static IEnumerable<LogSegment[]> Group(IEnumerable<LogSegment> segments, int segmentBytes)
    {
        var group = new List<LogSegment>();
        foreach (var segment in segments)
        {
            if (group.Count > 0 && (group.Sum(member => (long)member.Size) + segment.Size > segmentBytes || segment.BaseOffset - group[0].BaseOffset > int.MaxValue / 2))
            {
                yield return [.. group];
                group.Clear();
            }
            group.Add(segment);
        }
        if (group.Count > 0)
        {
            yield return [.. group];
        }
    }

    /// <exception cref="InvalidDataException">The batch is damaged: compaction would make that permanent.</exception>
    internal static PooledBytes? OpenBatch(PartitionLog log, ref SegmentScanner scanner, out RecordReader records)
    {
        if (!scanner.TryReadBatch(out var batch) || !batch.HasValidCrc)
        {
            throw new InvalidDataException($"{log.Name} is damaged at offset {scanner.Header.BaseOffset}");
        }
        var decompressed = batch.Header.Attributes.Compression == CompressionType.None ? null : RecordCompression.Decompress(batch);
        records = decompressed is null ? batch.ReadRecords() : batch.ReadRecords(decompressed.Bytes);
        var look = records;
        while (look.TryRead(out _))
        {
        }
        if (look.IsComplete)
        {
            return decompressed;
        }
        decompressed?.Dispose();
        throw new InvalidDataException($"{log.Name} holds a batch at offset {scanner.Header.BaseOffset} whose records are malformed");
    }
}
