using System.Buffers;
using System.Buffers.Binary;
using Garam.Kafka;
using Garam.Kafka.Records;

namespace Garam.Broker.Log;

/// <summary>Finds and copies what is in the segments of one log. Takes no lock: everything below the high watermark stays as it is, until it is deleted as a whole.</summary>
internal sealed class LogReader(PartitionLog log, SegmentList segments, LogServices services)
{
    private const int ScanBufferBytes = 64 * 1024;
    private const int HistoryBytes = 32 * 1024 * 1024;
    private long _unreadable = -1;

    public ReadResult Read(long offset, IsolationLevel isolation, Span<byte> destination)
    {
        if (log.IsClosed)
        {
            return ReadResult.Failed(ErrorCode.NotLeaderOrFollower);
        }
        var (stable, end, start) = (log.LastStableOffset, log.HighWatermark, log.LogStartOffset);
        if (offset < start || offset > log.LogEndOffset)
        {
            return ReadResult.Failed(ErrorCode.OffsetOutOfRange);
        }
        while (true)
        {
            var looked = segments.Version;
            try
            {
                var bytes = Copy(offset, isolation == IsolationLevel.ReadCommitted ? stable : end, destination, out var needed);
                return offset < log.LogStartOffset
                    ? ReadResult.Failed(ErrorCode.OffsetOutOfRange) // deleted meanwhile: what was found may be what came behind it
                    : new ReadResult(ErrorCode.None, bytes, needed, end, stable, start);
            }
            catch (FileNotFoundException) when (looked != segments.Version)
            {
                // deleted, or replaced by what compaction has left of it, while it was looked for: once more
                if (offset < log.LogStartOffset)
                {
                    return ReadResult.Failed(ErrorCode.OffsetOutOfRange);
                }
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                return ReadResult.Failed(Unreadable(failure, offset));
            }
        }
    }

    /// <summary>Says once what cannot be read, and why; returns what the client is told.</summary>
    public ErrorCode Unreadable(Exception failure, long offset)
    {
        if (log.IsClosed)
        {
            return ErrorCode.NotLeaderOrFollower; // deleted while it was read: its files have moved
        }
        if (Interlocked.Exchange(ref _unreadable, offset) != offset) // a client tries the same place again and again
        {
            services.Logger.ReadFailed(failure, log.Name, offset);
        }
        return failure is InvalidDataException ? ErrorCode.CorruptMessage : ErrorCode.KafkaStorageError;
    }

    /// <summary>Where the disk does not let itself be looked at, there is more than anybody asks for: the read that follows at once says why.</summary>
    public long AvailableBytes(long offset, IsolationLevel isolation)
    {
        try
        {
            return CountBytes(offset, isolation);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return long.MaxValue;
        }
    }

    public OffsetAndTimestamp? FindOffsetByTimestamp(long timestamp, IsolationLevel isolation)
    {
        var end = log.EndFor(isolation);
        foreach (var segment in segments.From(log.LogStartOffset))
        {
            if (segment.MaxTimestamp >= timestamp && FindIn(segment, segment.PositionBefore(timestamp), timestamp, end) is { } found)
            {
                return found;
            }
        }
        return null;
    }

    public OffsetAndTimestamp? FindMaxTimestamp()
    {
        LogSegment? latest = null;
        foreach (var segment in segments.From(log.LogStartOffset))
        {
            if (segment.MaxTimestamp > (latest?.MaxTimestamp ?? -1))
            {
                latest = segment;
            }
        }
        if (latest is null || !latest.TryFind(latest.MaxTimestampOffset, out var position, out _))
        {
            return null;
        }
        return FindIn(latest, position, latest.MaxTimestamp, log.HighWatermark);
    }

    /// <summary>Finds the newest batches of a producer of which only the last one is remembered. Called under the partition's lock, at most once for a producer after a restart.</summary>
    public void RestoreHistory(ProducerState producer)
    {
        var history = new Queue<ProducerBatch>(ProducerState.RememberedBatches);
        var buffer = ArrayPool<byte>.Shared.Rent(ScanBufferBytes);
        foreach (var segment in segments.All[^Math.Min(2, segments.All.Length)..])
        {
            var scanner = segment.Scan(segment.PositionAtOrBefore(segment.Size - HistoryBytes), buffer);
            while (scanner.MoveNext())
            {
                if (scanner.Header.ProducerId != producer.ProducerId || scanner.Header.ProducerEpoch != producer.Epoch || scanner.Header.Attributes.IsControl)
                {
                    continue;
                }
                if (history.Count == ProducerState.RememberedBatches)
                {
                    history.Dequeue();
                }
                history.Enqueue(ProducerStates.BatchOf(scanner.Header));
            }
        }
        ArrayPool<byte>.Shared.Return(buffer);
        if (history.Count > 0)
        {
            producer.Restore([.. history]);
        }
        producer.RemembersAll = true;
    }

    private long CountBytes(long offset, IsolationLevel isolation)
    {
        var end = log.EndFor(isolation);
        if (offset < log.LogStartOffset || offset >= end || log.IsClosed)
        {
            return 0;
        }
        var total = 0L;
        foreach (var segment in segments.From(offset))
        {
            if (segment.BaseOffset >= end)
            {
                break;
            }
            total += segment.Size - (segment.BaseOffset < offset ? PositionOf(offset, segment) : 0);
        }
        return log.LogEndOffset == end ? total : Math.Max(0, total - BytesBehind(end));
    }

    private int Copy(long offset, long end, Span<byte> destination, out int needed)
    {
        needed = 0;
        if (offset >= end)
        {
            return 0;
        }
        var held = segments.From(offset);
        for (var index = 0; index < held.Length && held[index].BaseOffset < end; index++)
        {
            var segment = held[index];
            var limit = index + 1 < held.Length ? Math.Min(end, held[index + 1].BaseOffset) : end; // a damaged base offset may say more
            if (segment.TryContinue(offset, out var position) && CopyFrom(segment, position, offset, limit, destination) is > 0 and var goneOn)
            {
                return goneOn;
            }
            if (!segment.TryFind(offset, out position, out var header))
            {
                continue; // compaction has left nothing of this segment behind the offset
            }
            if (header.BaseOffset >= limit)
            {
                return limit == end ? 0 : throw new InvalidDataException($"'{segment.File.Path}' is damaged at position {position}: a batch has an offset of the next segment");
            }
            if (header.SizeInBytes > destination.Length)
            {
                needed = (int)header.SizeInBytes;
                return 0;
            }
            return CopyFrom(segment, position, offset, limit, destination);
        }
        return 0;
    }

    /// <summary>Copies what fits, and remembers where that ends: most readers go on from there. 0 where no whole batch of <paramref name="offset"/> or later lies.</summary>
    private static int CopyFrom(LogSegment segment, long position, long offset, long end, Span<byte> destination)
    {
        var length = segment.File.Read(destination[..(int)Math.Min(destination.Length, segment.Size - position)], position);
        var whole = WholeBatches(destination[..length], end, out var last);
        if (whole == 0 || !IsBatchOf(RecordBatchHeader.Read(destination), offset))
        {
            return 0;
        }
        var lastHeader = RecordBatchHeader.Read(destination[last..]);
        if (IsBatchOf(lastHeader, offset))
        {
            segment.ReadTo(lastHeader.NextOffset, position + whole);
        }
        return whole;
    }

    /// <summary>What is damaged is no such batch: the long way round says so.</summary>
    private static bool IsBatchOf(in RecordBatchHeader header, long offset) => header.Magic == 2 && header.LastOffset >= offset;

    /// <summary>Where in <paramref name="segment"/> the batch of <paramref name="offset"/> begins; the end where there is none.</summary>
    private static long PositionOf(long offset, LogSegment segment) =>
        segment.TryContinue(offset, out var position) || segment.TryFind(offset, out position, out _) ? position : segment.Size;

    /// <summary>How many of <paramref name="bytes"/> are whole batches below <paramref name="end"/>; <paramref name="last"/> is where the last of them begins.</summary>
    private static int WholeBatches(ReadOnlySpan<byte> bytes, long end, out int last)
    {
        var whole = last = 0;
        while (bytes.Length - whole >= RecordBatchHeader.Size && BinaryPrimitives.ReadInt64BigEndian(bytes[whole..]) < end)
        {
            var size = BinaryPrimitives.ReadInt32BigEndian(bytes[(whole + 8)..]) + RecordBatchHeader.LengthOverhead;
            if (size < RecordBatchHeader.Size || size > bytes.Length - whole)
            {
                break;
            }
            last = whole;
            whole += size;
        }
        return whole;
    }

    private long BytesBehind(long end)
    {
        var total = 0L;
        foreach (var segment in segments.From(end))
        {
            total += segment.Size - (segment.TryFind(end, out var position, out _) ? position : segment.Size);
        }
        return total;
    }

    private OffsetAndTimestamp? FindIn(LogSegment segment, long position, long timestamp, long end)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ScanBufferBytes);
        try
        {
            var scanner = segment.Scan(position, buffer);
            while (scanner.MoveNext())
            {
                if (scanner.Header.BaseOffset >= end)
                {
                    return null;
                }
                if (scanner.Header.MaxTimestamp >= timestamp && scanner.TryReadBatch(out var batch) && FindIn(batch, timestamp, end) is { } found)
                {
                    return found;
                }
            }
            scanner.ThrowIfStopped();
            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private OffsetAndTimestamp? FindIn(RecordBatch batch, long timestamp, long end)
    {
        if (!batch.HasValidCrc)
        {
            throw new InvalidDataException($"{log.Name} is damaged at offset {batch.Header.BaseOffset}");
        }
        var compression = batch.Header.Attributes.Compression;
        using var decompressed = compression == CompressionType.None ? null : RecordCompression.Decompress(batch);
        var records = decompressed is null ? batch.ReadRecords() : batch.ReadRecords(decompressed.Bytes);
        while (records.TryRead(out var record))
        {
            if (record.Timestamp >= timestamp && record.Offset >= log.LogStartOffset && record.Offset < end)
            {
                return new OffsetAndTimestamp(record.Offset, record.Timestamp, batch.Header.PartitionLeaderEpoch);
            }
        }
        return null;
    }
}
