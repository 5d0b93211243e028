using System.Globalization;
using Garam.Kafka.Records;

namespace Garam.Broker.Log;

/// <summary>
/// A part of a log: one <c>.log</c> file of batches and its two sparse indexes, named by the offset it starts at. One thread appends, under the
/// partition's lock; any thread reads what is below <see cref="Size"/>, without one.
/// </summary>
internal sealed class LogSegment
{
    private const int ScanBufferBytes = 4096;
    private readonly Lock loading = new();
    private readonly OffsetIndex offsetIndex;
    private readonly TimeIndex timeIndex;
    private volatile bool indexesLoaded;
    private volatile int size;
    private int bytesSinceIndexEntry;
    private long firstTimestamp = -1;
    private long maxTimestamp = -1;
    private long maxTimestampOffset;

    private LogSegment(string directory, long baseOffset, string suffix, int size, long createdAt)
    {
        var path = PathOf(directory, baseOffset);
        BaseOffset = baseOffset;
        File = new LogFile(path + LogExtension + suffix);
        offsetIndex = new OffsetIndex(path + IndexExtension, baseOffset);
        timeIndex = new TimeIndex(path + TimeIndexExtension, baseOffset);
        this.size = size;
        CreatedAt = createdAt;
    }

    public const string LogExtension = ".log", IndexExtension = ".index", TimeIndexExtension = ".timeindex";

    public long BaseOffset { get; }

    public LogFile File { get; }

    public int Size => size;

    /// <summary>When this process made or first saw the segment, in milliseconds since 1970.</summary>
    public long CreatedAt { get; }

    /// <summary>The greatest timestamp of its records; -1 when none has one.</summary>
    public long MaxTimestamp
    {
        get
        {
            LoadIndexes();
            return maxTimestamp;
        }
    }

    /// <summary>An offset in the batch that holds <see cref="MaxTimestamp"/>: its last.</summary>
    public long MaxTimestampOffset
    {
        get
        {
            LoadIndexes();
            return maxTimestampOffset;
        }
    }

    public static string PathOf(string directory, long offset) => Path.Combine(directory, offset.ToString("D20", CultureInfo.InvariantCulture));

    public static LogSegment Create(string directory, long baseOffset, long now, string suffix = "")
    {
        var segment = new LogSegment(directory, baseOffset, suffix, 0, now) { indexesLoaded = true };
        segment.File.Create();
        return segment;
    }

    public static LogSegment Open(string directory, long baseOffset, int size, long now) => new(directory, baseOffset, "", size, now);

    /// <summary>Writes a batch that has its offsets already, and counts it only when it is whole in the file.</summary>
    public void Append(ReadOnlySpan<byte> batch, in RecordBatchHeader header, long batchMaxTimestamp, int indexIntervalBytes)
    {
        var position = size;
        File.Write(batch, position);
        Count(header.LastOffset, batchMaxTimestamp, position, batch.Length, indexIntervalBytes);
        size = position + batch.Length;
    }

    public bool ShouldRoll(LogConfig config, int batchSize, long lastOffset, long batchMaxTimestamp, long now)
    {
        if (size == 0)
        {
            return lastOffset - BaseOffset > int.MaxValue;
        }
        var age = firstTimestamp >= 0 && batchMaxTimestamp >= 0 ? batchMaxTimestamp - firstTimestamp : now - CreatedAt;
        return (long)size + batchSize > config.SegmentBytes || age > config.SegmentMs || lastOffset - BaseOffset > int.MaxValue
            || offsetIndex.SizeInBytes + OffsetIndex.EntrySize > config.SegmentIndexBytes
            || timeIndex.SizeInBytes + TimeIndex.EntrySize > config.SegmentIndexBytes;
    }

    /// <summary>The first batch that ends at or after <paramref name="offset"/>; false when this segment has none.</summary>
    public bool TryFind(long offset, out long position, out RecordBatchHeader header)
    {
        LoadIndexes();
        Span<byte> buffer = stackalloc byte[ScanBufferBytes];
        var scanner = new SegmentScanner(File, offsetIndex.PositionBefore(offset), size, buffer);
        while (scanner.MoveNext())
        {
            if (scanner.Header.LastOffset >= offset)
            {
                position = scanner.Position;
                header = scanner.Header;
                return true;
            }
        }
        position = size;
        header = default;
        return false;
    }

    /// <summary>A position before which no record is as late as <paramref name="timestamp"/>.</summary>
    public long PositionBefore(long timestamp)
    {
        LoadIndexes();
        return offsetIndex.PositionBefore(timeIndex.OffsetBefore(timestamp));
    }

    /// <summary>Where a batch begins, at or before <paramref name="position"/>.</summary>
    public long PositionAtOrBefore(long position)
    {
        LoadIndexes();
        return offsetIndex.PositionAtOrBefore(position);
    }

    public SegmentScanner Scan(long position, Span<byte> buffer) => new(File, position, size, buffer);

    /// <summary>How many entries the indexes have now: what a checkpoint at this moment may write.</summary>
    public (int Offsets, int Times) IndexCounts => (offsetIndex.Count, timeIndex.Count);

    /// <summary>Writes index entries that are not on disk yet.</summary>
    public void WriteIndexes((int Offsets, int Times) counts, bool sync)
    {
        offsetIndex.Write(counts.Offsets, sync);
        timeIndex.Write(counts.Times, sync);
    }

    /// <summary>No more appends: the time index gets the greatest timestamp, which retention reads from there after a restart.</summary>
    public void Seal()
    {
        LoadIndexes();
        if (maxTimestamp >= 0)
        {
            timeIndex.Append(maxTimestamp, maxTimestampOffset);
        }
    }

    /// <summary>
    /// After a stop: drops index entries at or behind <paramref name="trusted"/>, checks every batch from there on (<paramref name="verify"/>: with its
    /// checksum) and rebuilds their entries. Returns the next offset, and in <paramref name="validSize"/> where the whole batches end.
    /// </summary>
    public long Recover(long trusted, bool verify, int indexIntervalBytes, Span<byte> buffer, out int validSize)
    {
        if (!offsetIndex.TryLoad(size) || !timeIndex.TryLoad(size))
        {
            trusted = BaseOffset;
        }
        offsetIndex.Truncate(offsetIndex.CountBefore(trusted));
        timeIndex.Truncate(timeIndex.CountBefore(trusted));
        (maxTimestamp, maxTimestampOffset) = timeIndex.Last ?? (-1, BaseOffset);
        var nextOffset = BaseOffset;
        bytesSinceIndexEntry = 0;
        var indexed = offsetIndex.Last;
        var scanner = Scan(indexed?.Position ?? 0, buffer);
        validSize = (int)scanner.Next;
        while (scanner.MoveNext() && scanner.Header.BaseOffset >= nextOffset && scanner.Header.LastOffsetDelta >= 0)
        {
            var header = scanner.Header;
            if (verify && header.LastOffset >= trusted && !(scanner.TryReadBatch(out var batch) && batch.HasValidCrc))
            {
                break;
            }
            if (scanner.Position == indexed?.Position)
            {
                if (header.LastOffset != indexed.Value.Offset)
                {
                    break;
                }
                bytesSinceIndexEntry = (int)header.SizeInBytes;
            }
            else
            {
                Count(header.LastOffset, header.MaxTimestamp, (int)scanner.Position, (int)header.SizeInBytes, indexIntervalBytes);
            }
            nextOffset = header.NextOffset;
            validSize = (int)scanner.Next;
        }
        if (indexed is not null && nextOffset == BaseOffset)
        {
            // the index led to something that is not its batch: believe the log alone
            offsetIndex.Truncate(0);
            return Recover(BaseOffset, verify: true, indexIntervalBytes, buffer, out validSize);
        }
        firstTimestamp = ReadFirstTimestamp(validSize);
        indexesLoaded = true;
        return nextOffset;
    }

    /// <summary>Cuts the file at <paramref name="newSize"/>, the end of a batch, before anybody reads it.</summary>
    public void Truncate(int newSize)
    {
        File.Truncate(newSize);
        size = newSize;
    }

    /// <summary>Puts the file back to its size when an append has failed in the middle.</summary>
    public void UndoAppend() => File.Truncate(size);

    public void ReleaseWhenIdle() => File.ReleaseWhenIdle();

    /// <summary>Takes the segment out of the directory's listing; those who still read it keep the file until <see cref="Delete"/>.</summary>
    public void MarkDeleted()
    {
        LoadIndexes();
        File.Rename(File.Path + DeletedSuffix);
        offsetIndex.Forget();
        timeIndex.Forget();
    }

    public const string DeletedSuffix = ".deleted";

    public void Delete() => File.Delete();

    private void Count(long lastOffset, long batchMaxTimestamp, int position, int length, int indexIntervalBytes)
    {
        if (batchMaxTimestamp > maxTimestamp)
        {
            maxTimestamp = batchMaxTimestamp;
            maxTimestampOffset = lastOffset;
        }
        if (position == 0)
        {
            firstTimestamp = batchMaxTimestamp;
        }
        if (bytesSinceIndexEntry > indexIntervalBytes)
        {
            offsetIndex.Append(lastOffset, position);
            timeIndex.Append(maxTimestamp, maxTimestampOffset);
            bytesSinceIndexEntry = 0;
        }
        bytesSinceIndexEntry += length;
    }

    /// <summary>Segments that are only read load their indexes when they are first asked, and rebuild them when the files are missing or damaged.</summary>
    private void LoadIndexes()
    {
        if (indexesLoaded)
        {
            return;
        }
        lock (loading)
        {
            if (indexesLoaded)
            {
                return;
            }
            if (offsetIndex.TryLoad(size) && timeIndex.TryLoad(size) && timeIndex.Last is { } last)
            {
                (maxTimestamp, maxTimestampOffset) = last;
                indexesLoaded = true;
                return;
            }
            Recover(BaseOffset, verify: false, new LogConfig().IndexIntervalBytes, new byte[ScanBufferBytes], out _);
            WriteIndexes(IndexCounts, sync: false);
        }
    }

    private long ReadFirstTimestamp(int validSize)
    {
        Span<byte> first = stackalloc byte[RecordBatchHeader.Size];
        return validSize >= RecordBatchHeader.Size && File.Read(first, 0) == first.Length ? RecordBatchHeader.Read(first).MaxTimestamp : -1;
    }
}
