using Garam.Kafka;
using Garam.Kafka.Records;

namespace Garam.Broker.Log;

/// <summary>
/// The log of one partition. Appends are ordered by its lock and cost one write; reads take no lock. Three offsets are kept apart:
/// <code>
///  log start          last stable        high watermark         log end
///      |-------------------|------------------|---------------------|
///      |  read_committed   |                  |  in the file, not   |
///      |           read_uncommitted           |  as durable as the  |
///      |                                      |  flush policy asks  |
/// </code>
/// </summary>
internal sealed partial class PartitionLog
{
    private enum State
    {
        Open,

        /// <summary>The disk failed in a way that leaves what it holds unknown: what was readable still is, nothing is added.</summary>
        ReadOnly,
        Closed,
    }

    private readonly Lock _gate = new();
    private readonly string _directory;
    private readonly LogServices _services;
    private readonly SegmentList _segments;
    private readonly ProducerStates _producers;
    private readonly LeaderEpochHistory _epochs;
    private readonly LogWaiters _waiters = new();
    private readonly LogReader _reader;
    private volatile LogConfig _config;
    private volatile State _state;
    private long _logStartOffset, _highWatermark, _logEndOffset;
    private long _lastAppendTime;

    public PartitionLog(TopicPartition name, string directory, RecoveredLog recovered, LogConfig config, LogServices services)
    {
        Name = name;
        this._directory = directory;
        this._services = services;
        this._config = config;
        _segments = recovered.Segments;
        _producers = recovered.Producers;
        _epochs = recovered.Epochs;
        TopicId = recovered.TopicId;
        CompactedTo = recovered.CompactedTo;
        IsIncomplete = recovered.IsIncomplete;
        _lastAppendTime = recovered.LastAppendTime;
        _isNew = _directoryChanged = recovered.IsNew;
        _logStartOffset = recovered.LogStartOffset;
        _logEndOffset = _highWatermark = _flushedOffset = recovered.LogEndOffset;
        _recoveryPoint = recovered.RecoveryPoint;
        LeaderEpoch = Math.Max(_epochs.Latest, 0);
        _reader = new LogReader(this, _segments, services);
    }

    public TopicPartition Name { get; }

    /// <summary>The topic that the directory was made for: a topic of the same name made later has another id.</summary>
    public Guid TopicId { get; private set; }

    public LogConfig Config => _config;

    /// <summary>First offset that can be read.</summary>
    public long LogStartOffset => Volatile.Read(ref _logStartOffset);

    /// <summary>End of what consumers see: everything below is as durable as the flush policy asks.</summary>
    public long HighWatermark => Volatile.Read(ref _highWatermark);

    /// <summary>End of what read_committed consumers see. There are no transactions yet: it is the high watermark.</summary>
    public long LastStableOffset => HighWatermark;

    /// <summary>The offset that the next record gets.</summary>
    public long LogEndOffset => Volatile.Read(ref _logEndOffset);

    /// <summary>Grows with every unclean start.</summary>
    public int LeaderEpoch { get; private set; }

    /// <summary>Closed or deleted: appends and reads answer NotLeaderOrFollower.</summary>
    public bool IsClosed => _state == State.Closed;

    /// <summary>At this start, bytes at the end of the log were not whole batches and were removed, or records were missing that had been there.</summary>
    public bool IsIncomplete { get; }

    /// <summary>Bytes of all segments.</summary>
    public long SizeInBytes => _segments.SizeInBytes;

    /// <summary>Everything below has been compacted; written by the compactor alone.</summary>
    internal long CompactedTo { get; set; }

    /// <summary>It holds what cannot be decoded or is damaged: the compactor leaves it alone until the next start.</summary>
    internal bool IsUncompactable { get; set; }

    internal ReadOnlySpan<LogSegment> Segments => _segments.All;

    internal string DirectoryPath => _directory;

    /// <summary>
    /// Appends exactly one batch: judged once, given its offset in place, written once. Any thread; batches are ordered by the partition's lock.
    /// The batch is patched (base offset, leader epoch; timestamps where the topic uses the broker's clock).
    /// </summary>
    public AppendResult Append(Span<byte> batch, AppendOrigin origin)
    {
        var now = _services.Now;
        var config = _config;
        if (BatchJudge.Judge(batch, origin, config, now, out var header, out var maxTimestamp) is { } fault)
        {
            return AppendResult.Refused(fault, LogStartOffset);
        }
        var compression = header.Attributes.Compression;
        if (origin == AppendOrigin.Broker || config.Compression is not { } wanted || wanted.Type == compression)
        {
            return Append(batch, header, maxTimestamp, origin, now);
        }
        using var stored = wanted.Apply(batch, config, out var refusal);
        return stored is null
            ? AppendResult.Refused(refusal!, LogStartOffset)
            : Append(stored.Bytes, RecordBatchHeader.Read(stored.Bytes), maxTimestamp, origin, now);
    }

    private AppendResult Append(Span<byte> batch, in RecordBatchHeader header, long maxTimestamp, AppendOrigin origin, long now)
    {
        AppendResult result;
        var due = default(LogWaiters.Due);
        lock (_gate)
        {
            if (AnswerWithoutAppend(header, origin, now) is { } answer)
            {
                return answer;
            }
            result = Write(batch, header, maxTimestamp, now);
            if (result.Error == ErrorCode.None)
            {
                due = AdvanceHighWatermark();
            }
        }
        due.Call(this);
        return result;
    }

    /// <summary>
    /// True when the high watermark is at or beyond <paramref name="offset"/> already; else <paramref name="waiter"/> is completed when it gets there.
    /// To wait for an append: its <see cref="AppendResult.LastOffset"/> + 1.
    /// </summary>
    public bool IsCommitted(long offset, CommitWaiter waiter)
    {
        if (HighWatermark >= offset)
        {
            return true;
        }
        ErrorCode error;
        lock (_gate)
        {
            if (_highWatermark >= offset)
            {
                return true;
            }
            if (_state == State.Open)
            {
                _waiters.Add(waiter, offset);
                return false;
            }
            error = Refusal;
        }
        waiter.Complete(error);
        return false;
    }

    /// <summary>
    /// Copies whole batches, from the one that holds <paramref name="offset"/> on, into <paramref name="destination"/>, as many as fit.
    /// Takes no lock and allocates nothing.
    /// </summary>
    public ReadResult Read(long offset, IsolationLevel isolation, Span<byte> destination) => _reader.Read(offset, isolation, destination);

    /// <summary>How many bytes there are for a reader at <paramref name="offset"/>: what min_bytes is compared with. 0 when the offset is out of range.</summary>
    public long AvailableBytes(long offset, IsolationLevel isolation) => _reader.AvailableBytes(offset, isolation);

    /// <summary>
    /// Parks <paramref name="waiter"/> until there is more to read. False, and not parked, when the end that the isolation level allows is no longer
    /// <paramref name="seenEnd"/> (the high watermark or last stable offset of the caller's last look) or the log is closed: look again.
    /// </summary>
    public bool AddFetchWaiter(FetchWaiter waiter, IsolationLevel isolation, long seenEnd)
    {
        lock (_gate)
        {
            if (_state == State.Closed || EndFor(isolation) != seenEnd)
            {
                return false;
            }
            _waiters.Add(waiter, this);
            return true;
        }
    }

    /// <summary>Takes <paramref name="waiter"/> away; nothing happens when it is not parked here.</summary>
    public void RemoveFetchWaiter(FetchWaiter waiter)
    {
        lock (_gate)
        {
            if (waiter.ParkedOn == this)
            {
                _waiters.Remove(waiter);
            }
        }
    }

    /// <summary>Says that looking something up has failed; returns what the client is told.</summary>
    public ErrorCode Unreadable(Exception failure) => _reader.Unreadable(failure, LogStartOffset);

    /// <summary>The first record at or after <paramref name="timestamp"/> that <paramref name="isolation"/> lets be seen; null when there is none.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    /// <exception cref="InvalidDataException">The log is damaged where the record may be.</exception>
    public OffsetAndTimestamp? FindOffsetByTimestamp(long timestamp, IsolationLevel isolation) => _reader.FindOffsetByTimestamp(timestamp, isolation);

    /// <summary>The record with the greatest timestamp (KIP-734); null when the log is empty.</summary>
    /// <exception cref="IOException">The disk failed.</exception>
    /// <exception cref="InvalidDataException">The log is damaged where the record may be.</exception>
    public OffsetAndTimestamp? FindMaxTimestamp() => _reader.FindMaxTimestamp();

    /// <summary>Where <paramref name="leaderEpoch"/> ended (KIP-320).</summary>
    public EpochEndOffset EndOffsetForEpoch(int leaderEpoch) => _epochs.EndOf(leaderEpoch, LogEndOffset);

    /// <summary>The leader epoch that <paramref name="offset"/> was or will be written in; -1 when none is known.</summary>
    public int EpochOf(long offset) => _epochs.EpochOf(offset);

    /// <summary>New settings hold from the next append on.</summary>
    public void UpdateConfig(LogConfig newConfig)
    {
        LogWaiters.Due due;
        lock (_gate)
        {
            _config = newConfig;
            due = AdvanceHighWatermark();
        }
        due.Call(this);
    }

    /// <summary>Moves the first readable offset up (DeleteRecords). OffsetOutOfRange above the high watermark; an offset below the present start changes nothing.</summary>
    public ErrorCode AdvanceLogStart(long offset)
    {
        lock (_gate)
        {
            if (offset > _highWatermark)
            {
                return ErrorCode.OffsetOutOfRange;
            }
            Volatile.Write(ref _logStartOffset, Math.Max(_logStartOffset, offset));
            return ErrorCode.None;
        }
    }

    /// <summary>Says which topic a directory belongs to that has lost its <c>partition.metadata</c>: the records in it are worth more than that file.</summary>
    internal void Adopt(Guid topicId)
    {
        _services.Logger.AdoptedPartition(Name, topicId);
        TopicId = topicId;
        PartitionMetadata.Save(_services.Disk, _directory, topicId);
    }

    internal long EndFor(IsolationLevel isolation) => isolation == IsolationLevel.ReadCommitted ? LastStableOffset : HighWatermark;

    /// <summary>The epoch that this process writes with begins at the log end.</summary>
    internal void BeginEpoch(int epoch)
    {
        lock (_gate)
        {
            LeaderEpoch = Math.Max(LeaderEpoch, epoch);
            _epochsUnsaved |= _epochs.Begin(LeaderEpoch, _logEndOffset);
        }
    }

    /// <summary>
    /// Closes the active segment, unless it is empty or the log no longer ends at <paramref name="end"/>: a batch that came after somebody has judged the segment must not be
    /// deleted with it.
    /// </summary>
    internal bool TryRollAt(long end)
    {
        lock (_gate)
        {
            var may = _state == State.Open && _segments.Active.Size > 0 && _logEndOffset == end;
            if (may)
            {
                Roll(_services.Now);
            }
            return may;
        }
    }

    /// <summary>Takes away the oldest <paramref name="count"/> segments: out of sight at once, their files when the readers have had their time.</summary>
    internal LogSegment[] RemoveOldestSegments(int count)
    {
        lock (_gate)
        {
            var removed = _segments.All[..count].ToArray();
            Volatile.Write(ref _logStartOffset, Math.Max(_logStartOffset, _segments.All[count].BaseOffset));
            _segments.RemoveFirst(count);
            _directoryChanged = true;
            return removed;
        }
    }

    /// <exception cref="OperationCanceledException">There is no point in going on with this log.</exception>
    internal void ThrowIfClosed(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (IsClosed)
        {
            throw new OperationCanceledException($"{Name} is closed");
        }
    }

    /// <summary>Puts what compaction has left of <paramref name="old"/> in their place.</summary>
    internal void ReplaceSegments(ReadOnlySpan<LogSegment> old, LogSegment compacted)
    {
        lock (_gate)
        {
            _segments.Replace(old, compacted);
        }
    }

    /// <summary>True for the batch that holds the last sequence of its producer: compaction keeps its header.</summary>
    internal bool IsNewestOfProducer(in RecordBatchHeader header)
    {
        if (!header.HasProducerId)
        {
            return false;
        }
        lock (_gate)
        {
            return _producers.Find(header.ProducerId, _services.Now, _config.ProducerIdExpirationMs)?.Newest?.LastOffset == header.LastOffset;
        }
    }

    /// <summary>Forgets silent producers, and closes files that nobody has used since the last call.</summary>
    internal void Rest()
    {
        lock (_gate)
        {
            _producers.RemoveExpired(_services.Now, _config.ProducerIdExpirationMs);
        }
        foreach (var segment in _segments.All)
        {
            segment.ReleaseWhenIdle();
        }
    }

    private ErrorCode Refusal => _state == State.Closed ? ErrorCode.NotLeaderOrFollower : ErrorCode.KafkaStorageError;

    /// <summary>The answer to a batch that does not go into the log: it is there already, or it may not. Null when it goes in.</summary>
    private AppendResult? AnswerWithoutAppend(in RecordBatchHeader header, AppendOrigin origin, long now)
    {
        if (_state != State.Open)
        {
            return new AppendResult(Refusal, -1, -1, -1, _logStartOffset, null);
        }
        if (!header.HasProducerId || origin != AppendOrigin.Client)
        {
            return null;
        }
        var producer = _producers.Find(header.ProducerId, now, _config.ProducerIdExpirationMs);
        if (producer is not null && FindSame(producer, header) is { } same)
        {
            var appendTime = _config.TimestampType == TimestampType.LogAppendTime ? same.Timestamp : -1;
            return new AppendResult(ErrorCode.None, same.FirstOffset, same.LastOffset, appendTime, _logStartOffset, null);
        }
        return ProducerStates.Check(producer, header) is { } fault ? AppendResult.Refused(fault, _logStartOffset) : null;
    }

    private ProducerBatch? FindSame(ProducerState producer, in RecordBatchHeader header)
    {
        if (producer.Epoch != header.ProducerEpoch)
        {
            return null;
        }
        if (!producer.RemembersAll && header.BaseSequence != ProducerSequence.Next(producer.LastSequence))
        {
            // a snapshot holds one batch of a producer, but up to five may come again after a restart
            _reader.RestoreHistory(producer);
        }
        return producer.Find(header.BaseSequence, header.LastSequence);
    }

    private AppendResult Write(Span<byte> batch, in RecordBatchHeader received, long maxTimestamp, long now)
    {
        var appendTime = -1L;
        if (_config.TimestampType == TimestampType.LogAppendTime)
        {
            // the clock may go back; the order of the log and the order of its times stay the same
            appendTime = maxTimestamp = _lastAppendTime = Math.Max(_lastAppendTime, now);
            RecordBatch.SetTimestamp(batch, TimestampType.LogAppendTime, appendTime);
        }
        else if (maxTimestamp != received.MaxTimestamp)
        {
            RecordBatch.SetTimestamp(batch, TimestampType.CreateTime, maxTimestamp);
        }
        RecordBatch.Place(batch, _logEndOffset, LeaderEpoch);
        var header = RecordBatchHeader.Read(batch);
        try
        {
            if (_segments.Active.ShouldRoll(_config, batch.Length, header.LastOffset, header.MaxTimestamp, now))
            {
                Roll(now);
            }
            _segments.Active.Append(batch, header, maxTimestamp, _config.IndexIntervalBytes);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return TakeBack(batch.Length, failure);
        }
        _producers.Remember(header, now);
        Volatile.Write(ref _logEndOffset, header.NextOffset);
        if (_appendsFail)
        {
            AppendsSucceed();
        }
        return new AppendResult(ErrorCode.None, header.BaseOffset, header.LastOffset, appendTime, _logStartOffset, null);
    }

    private void Roll(long now)
    {
        var closed = _segments.Active;
        closed.RemoveTornTail(); // recovery would cut the log there, and drop what follows
        closed.Seal();
        _segments.Add(LogSegment.Create(_services.Disk, _directory, _logEndOffset, now));
        _directoryChanged = true;
        RequestFlushLocked(checkpoint: true);
    }
}
