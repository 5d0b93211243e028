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
    private readonly Lock _loading = new();
    private readonly OffsetIndex _offsetIndex;
    private readonly TimeIndex _timeIndex;
    private volatile bool _indexesLoaded;
    private volatile int _size;
    // Where the last reader got to: its offset, counted from the base, in the upper half, and the position of that in the lower; one word, because no lock is taken.
    private long _readTo = -1;
    private int _bytesSinceIndexEntry;
    private long _firstTimestamp = -1;
    private long _maxTimestamp = -1;
    private long _maxTimestampOffset;
    private bool _mayHaveTornTail;
    private long _lastAppendTime;

    private LogSegment(Disk disk, string directory, long baseOffset, string suffix, int size, long createdAt)
    {
        var path = PathOf(directory, baseOffset);
        BaseOffset = baseOffset;
        File = new LogFile(disk, path + LogExtension + suffix);
        _offsetIndex = new OffsetIndex(disk, path + IndexExtension, baseOffset);
        _timeIndex = new TimeIndex(disk, path + TimeIndexExtension, baseOffset);
        this._size = size;
        CreatedAt = createdAt;
    }

    public const string LogExtension = ".log", IndexExtension = ".index", TimeIndexExtension = ".timeindex";

    public long BaseOffset { get; }

    public LogFile File { get; }

    public int Size => _size;

    /// <summary>When this process made or first saw the segment, in milliseconds since 1970.</summary>
    public long CreatedAt { get; }

    /// <summary>The greatest timestamp of its records; -1 when none has one.</summary>
    public long MaxTimestamp
    {
        get
        {
            LoadIndexes();
            return _maxTimestamp;
        }
    }

    /// <summary>The greatest timestamp of its first batch; -1 when that has none.</summary>
    public long FirstTimestamp => _firstTimestamp >= 0 ? _firstTimestamp : ReadFirstTimestamp(_size);

    /// <summary>An offset in the batch that holds <see cref="MaxTimestamp"/>: its last.</summary>
    public long MaxTimestampOffset
    {
        get
        {
            LoadIndexes();
            return _maxTimestampOffset;
        }
    }

    /// <summary>The time of its last batch when that has the broker's time (LogAppendTime), or of one before it; 0 when none is known.</summary>
    public long LastAppendTime
    {
        get
        {
            LoadIndexes();
            return _lastAppendTime;
        }
    }

    public static string PathOf(string directory, long offset) => Path.Combine(directory, offset.ToString("D20", CultureInfo.InvariantCulture));

    public static LogSegment Create(Disk disk, string directory, long baseOffset, long now, string suffix = "")
    {
        var segment = new LogSegment(disk, directory, baseOffset, suffix, 0, now) { _indexesLoaded = true };
        segment.File.Create();
        return segment;
    }

    public static LogSegment Open(Disk disk, string directory, long baseOffset, int size, long now) => new(disk, directory, baseOffset, "", size, now);

    /// <summary>Writes a batch that has its offsets already, and counts it only when it is whole in the file.</summary>
    public void Append(ReadOnlySpan<byte> batch, in RecordBatchHeader header, long batchMaxTimestamp, int indexIntervalBytes)
    {
        RemoveTornTail();
        var position = _size;
        _mayHaveTornTail = true;
        File.Write(batch, position);
        _mayHaveTornTail = false;
        Count(header.LastOffset, batchMaxTimestamp, position, batch.Length, indexIntervalBytes);
        _size = position + batch.Length;
    }

    public bool ShouldRoll(LogConfig config, int batchSize, long lastOffset, long batchMaxTimestamp, long now)
    {
        if (_size == 0)
        {
            return lastOffset - BaseOffset > int.MaxValue;
        }
        var age = _firstTimestamp >= 0 && batchMaxTimestamp >= 0 ? batchMaxTimestamp - _firstTimestamp : now - CreatedAt;
        return (long)_size + batchSize > config.SegmentBytes || age > config.RollAfterMs || lastOffset - BaseOffset > int.MaxValue
            || _offsetIndex.SizeInBytes + OffsetIndex.EntrySize > config.SegmentIndexBytes
            || _timeIndex.SizeInBytes + TimeIndex.EntrySize > config.SegmentIndexBytes;
    }

    /// <summary>Where a reader goes on that has read up to <paramref name="offset"/>: known without looking at the file, for the one that has read last.</summary>
    public bool TryContinue(long offset, out long position)
    {
        var place = Volatile.Read(ref _readTo);
        position = (uint)place;
        return place >= 0 && place >> 32 == offset - BaseOffset && position < _size;
    }

    /// <summary>A reader has got everything below <paramref name="offset"/>, which ends at <paramref name="position"/>.</summary>
    public void ReadTo(long offset, long position) => Volatile.Write(ref _readTo, (offset - BaseOffset) << 32 | position);

    /// <summary>The first batch that ends at or after <paramref name="offset"/>; false when this segment has none.</summary>
    /// <exception cref="InvalidDataException">The segment is damaged where the batch should be, or before it.</exception>
    public bool TryFind(long offset, out long position, out RecordBatchHeader header)
    {
        LoadIndexes();
        Span<byte> buffer = stackalloc byte[ScanBufferBytes];
        var indexed = _offsetIndex.Before(offset);
        var scanner = new SegmentScanner(File, indexed?.Position ?? 0, _size, buffer);
        if (indexed is { } entry && !(scanner.MoveNext() && scanner.Header.LastOffset <= entry.LastOffset && scanner.Header.BaseOffset >= BaseOffset))
        {
            scanner = new SegmentScanner(File, 0, _size, buffer); // the index leads elsewhere: it is damaged, or the batch is
            indexed = null;
        }
        for (var found = indexed is not null || scanner.MoveNext(); found; found = scanner.MoveNext())
        {
            if (scanner.Header.LastOffset >= offset)
            {
                position = scanner.Position;
                header = scanner.Header;
                return true;
            }
        }
        scanner.ThrowIfStopped();
        position = _size;
        header = default;
        return false;
    }

    /// <summary>A position before which no record is as late as <paramref name="timestamp"/>.</summary>
    /// <exception cref="InvalidDataException">The segment is damaged there.</exception>
    public long PositionBefore(long timestamp)
    {
        LoadIndexes();
        TryFind(_timeIndex.OffsetBefore(timestamp), out var position, out _);
        return position;
    }

    /// <summary>Where a batch begins, at or before <paramref name="position"/>.</summary>
    public long PositionAtOrBefore(long position)
    {
        LoadIndexes();
        return _offsetIndex.PositionAtOrBefore(position);
    }

    public SegmentScanner Scan(long position, Span<byte> buffer) => new(File, position, _size, buffer);

    /// <summary>How many entries the indexes have now: what a checkpoint at this moment may write.</summary>
    public (int Offsets, int Times) IndexCounts => (_offsetIndex.Count, _timeIndex.Count);

    /// <summary>Its indexes are in use and the files lack entries.</summary>
    public bool HasUnwrittenIndexes => _indexesLoaded && HasUnwrittenEntries;

    /// <summary>Writes index entries that are not on disk yet.</summary>
    public void WriteIndexes((int Offsets, int Times) counts, bool sync)
    {
        _offsetIndex.Write(counts.Offsets, sync);
        _timeIndex.Write(counts.Times, sync);
    }

    /// <summary>No more appends: the time index gets the greatest timestamp, which retention reads from there after a restart.</summary>
    public void Seal()
    {
        LoadIndexes();
        AppendGreatestTimestamp();
    }

    /// <summary>
    /// After a stop: drops index entries at or after <paramref name="trusted"/>, checks every batch from there on and rebuilds their entries.
    /// Returns the next offset, and in <paramref name="validSize"/> where the whole batches end.
    /// </summary>
    public long Recover(long trusted, SegmentChecks checks, int indexIntervalBytes, Span<byte> buffer, out int validSize)
    {
        var nextOffset = CompleteIndexes(trusted, checks, indexIntervalBytes, buffer, out validSize);
        _indexesLoaded = true;
        return nextOffset;
    }

    /// <summary>Cuts the file at <paramref name="newSize"/>, the end of a batch, before anybody reads it.</summary>
    public void Truncate(int newSize)
    {
        File.Truncate(newSize);
        _size = newSize;
    }

    /// <summary>Puts the file back to its size when an append has failed in the middle. When that fails too, the next append does it first.</summary>
    public void RemoveTornTail()
    {
        if (!_mayHaveTornTail)
        {
            return;
        }
        File.Truncate(_size);
        _mayHaveTornTail = false;
    }

    public void ReleaseWhenIdle() => File.ReleaseWhenIdle();

    /// <summary>Takes the segment out of the directory's listing; those who still read it keep the file until <see cref="Delete"/>.</summary>
    public void MarkDeleted()
    {
        if (File.Path.EndsWith(DeletedSuffix, StringComparison.Ordinal))
        {
            return; // an earlier try came this far
        }
        LoadIndexes();
        File.Rename(File.Path + DeletedSuffix);
        _offsetIndex.Forget();
        _timeIndex.Forget();
    }

    public const string DeletedSuffix = ".deleted";

    public void Delete() => File.Delete();

    private bool HasUnwrittenEntries => !_offsetIndex.IsWritten || !_timeIndex.IsWritten;

    private void Count(long lastOffset, long batchMaxTimestamp, int position, int length, int indexIntervalBytes)
    {
        NoteTimestamp(batchMaxTimestamp, lastOffset);
        if (position == 0)
        {
            _firstTimestamp = batchMaxTimestamp;
        }
        if (_bytesSinceIndexEntry > indexIntervalBytes)
        {
            _offsetIndex.Append(lastOffset, position);
            _timeIndex.Append(_maxTimestamp, _maxTimestampOffset);
            _bytesSinceIndexEntry = 0;
        }
        _bytesSinceIndexEntry += length;
    }

    private void NoteTimestamp(long batchMaxTimestamp, long lastOffset)
    {
        if (batchMaxTimestamp > _maxTimestamp)
        {
            _maxTimestamp = batchMaxTimestamp;
            _maxTimestampOffset = lastOffset;
        }
    }

    private void AppendGreatestTimestamp()
    {
        if (_maxTimestamp >= 0)
        {
            _timeIndex.Append(_maxTimestamp, _maxTimestampOffset);
        }
    }

    /// <summary>
    /// Segments that are only read load their indexes when they are first asked. Files that are missing, damaged or incomplete are repaired from the batches, and
    /// written again: a segment that was recovered, or whose process ended, may never have been sealed.
    /// </summary>
    private void LoadIndexes()
    {
        if (_indexesLoaded)
        {
            return;
        }
        lock (_loading)
        {
            if (_indexesLoaded)
            {
                return;
            }
            CompleteIndexes(long.MaxValue, SegmentChecks.Indexes, new LogConfig().IndexIntervalBytes, new byte[ScanBufferBytes], out _);
            if (HasUnwrittenEntries)
            {
                WriteIndexes(IndexCounts, sync: false);
            }
            _indexesLoaded = true;
        }
    }

    /// <summary>Loads the indexes and adds what they lack of the batches; see <see cref="Recover"/>.</summary>
    private long CompleteIndexes(long trusted, SegmentChecks checks, int indexIntervalBytes, Span<byte> buffer, out int validSize)
    {
        if (!_offsetIndex.TryLoad(_size) || !_timeIndex.TryLoad(_size))
        {
            trusted = BaseOffset;
        }
        _offsetIndex.Truncate(_offsetIndex.CountBefore(trusted));
        _timeIndex.Truncate(_timeIndex.CountBefore(trusted));
        (_maxTimestamp, _maxTimestampOffset) = _timeIndex.Last ?? (-1, BaseOffset);
        if ((checks != SegmentChecks.Tail && !IsTimeIndexTrue(buffer))
            || !TryScanFromLastEntry(trusted, checks == SegmentChecks.Batches, indexIntervalBytes, buffer, out var nextOffset, out validSize))
        {
            // an index leads to something that is not its batch: only the batches are believed
            _offsetIndex.Truncate(0);
            _timeIndex.Truncate(0);
            (_maxTimestamp, _maxTimestampOffset) = (-1, BaseOffset);
            TryScanFromLastEntry(BaseOffset, checks == SegmentChecks.Batches, indexIntervalBytes, buffer, out nextOffset, out validSize);
        }
        _firstTimestamp = ReadFirstTimestamp(validSize);
        AppendGreatestTimestamp();
        return nextOffset;
    }

    /// <summary>
    /// Counts the batches from the last one that has an entry on. False when that entry does not lead to its batch.
    /// <code>
    /// |--- offset index ---|P|------ not indexed yet ------|     P: the last batch with an entry, which the indexes have counted
    /// </code>
    /// </summary>
    private bool TryScanFromLastEntry(long trusted, bool verify, int indexIntervalBytes, Span<byte> buffer, out long nextOffset, out int validSize)
    {
        nextOffset = BaseOffset;
        _bytesSinceIndexEntry = 0;
        var indexed = _offsetIndex.Last;
        var scanner = Scan(indexed?.Position ?? 0, buffer);
        validSize = (int)scanner.Next;
        while (scanner.MoveNext() && scanner.Header.BaseOffset >= nextOffset && CanHold(scanner.Header))
        {
            var header = scanner.Header;
            if (header.Attributes.TimestampType == TimestampType.LogAppendTime)
            {
                _lastAppendTime = header.MaxTimestamp;
            }
            if (verify && header.LastOffset >= trusted && !(scanner.TryReadBatch(out var batch) && batch.HasValidCrc))
            {
                break;
            }
            if (scanner.Position != indexed?.Position)
            {
                Count(header.LastOffset, header.MaxTimestamp, (int)scanner.Position, (int)header.SizeInBytes, indexIntervalBytes);
            }
            else if (header.LastOffset == indexed.Value.Offset)
            {
                NoteTimestamp(header.MaxTimestamp, header.LastOffset);
                _bytesSinceIndexEntry = (int)header.SizeInBytes;
            }
            else
            {
                break;
            }
            nextOffset = header.NextOffset;
            validSize = (int)scanner.Next;
        }
        return indexed is null || nextOffset > BaseOffset;
    }

    /// <summary>No segment reaches further: see <see cref="ShouldRoll"/>.</summary>
    private bool CanHold(in RecordBatchHeader header) => header.LastOffsetDelta >= 0 && header.BaseOffset - BaseOffset <= int.MaxValue - header.LastOffsetDelta;

    /// <summary>
    /// Whether the last entry of the time index is what its batch says; later timestamps up to the last batch with an offset entry are noted, in case the time index has lost
    /// its end. Where times increase these two batches are the same. Damage between them says nothing about the index.
    /// </summary>
    private bool IsTimeIndexTrue(Span<byte> buffer)
    {
        if (_timeIndex.Last is not { } last)
        {
            return _offsetIndex.Count == 0;
        }
        var end = _offsetIndex.Last?.Position ?? 0;
        var scanner = Scan(_offsetIndex.Before(last.Offset)?.Position ?? 0, buffer);
        var isFound = false;
        while ((!isFound || scanner.Next < end) && scanner.MoveNext())
        {
            if (!isFound && scanner.Header.LastOffset >= last.Offset)
            {
                isFound = scanner.Header.BaseOffset <= last.Offset && scanner.Header.MaxTimestamp == last.Timestamp;
                if (!isFound)
                {
                    return false;
                }
            }
            NoteTimestamp(scanner.Header.MaxTimestamp, scanner.Header.LastOffset);
        }
        return isFound || scanner.Next < _size;
    }

    private long ReadFirstTimestamp(int validSize)
    {
        Span<byte> first = stackalloc byte[RecordBatchHeader.Size];
        return validSize >= RecordBatchHeader.Size && File.Read(first, 0) == first.Length ? RecordBatchHeader.Read(first).MaxTimestamp : -1;
    }
}
