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

    private readonly Lock gate = new();
    private readonly string directory;
    private readonly LogServices services;
    private readonly SegmentList segments;
    private readonly ProducerStates producers;
    private readonly LeaderEpochHistory epochs;
    private readonly LogWaiters waiters = new();
    private readonly LogReader reader;
    private volatile LogConfig config;
    private volatile State state;
    private long logStartOffset, highWatermark, logEndOffset;
    private long lastAppendTime;

    public PartitionLog(TopicPartition name, string directory, RecoveredLog recovered, LogConfig config, LogServices services)
    {
        Name = name;
        this.directory = directory;
        this.services = services;
        this.config = config;
        segments = recovered.Segments;
        producers = recovered.Producers;
        epochs = recovered.Epochs;
        TopicId = recovered.TopicId;
        CompactedTo = recovered.CompactedTo;
        isNew = directoryChanged = recovered.IsNew;
        logStartOffset = recovered.LogStartOffset;
        logEndOffset = highWatermark = flushedOffset = recovered.LogEndOffset;
        recoveryPoint = recovered.RecoveryPoint;
        LeaderEpoch = Math.Max(epochs.Latest, 0);
        reader = new LogReader(this, segments, services);
    }

    public TopicPartition Name { get; }

    /// <summary>The topic that the directory was made for: a topic of the same name made later has another id.</summary>
    public Guid TopicId { get; }

    public LogConfig Config => config;

    /// <summary>First offset that can be read.</summary>
    public long LogStartOffset => Volatile.Read(ref logStartOffset);

    /// <summary>End of what consumers see: everything below is as durable as the flush policy asks.</summary>
    public long HighWatermark => Volatile.Read(ref highWatermark);

    /// <summary>End of what read_committed consumers see. There are no transactions yet: it is the high watermark.</summary>
    public long LastStableOffset => HighWatermark;

    /// <summary>The offset that the next record gets.</summary>
    public long LogEndOffset => Volatile.Read(ref logEndOffset);

    /// <summary>Grows with every unclean start.</summary>
    public int LeaderEpoch { get; private set; }

    /// <summary>Closed or deleted: appends and reads answer NotLeaderOrFollower.</summary>
    public bool IsClosed => state == State.Closed;

    /// <summary>Bytes of all segments.</summary>
    public long SizeInBytes => segments.SizeInBytes;

    /// <summary>Everything below has been compacted; written by the compactor alone.</summary>
    internal long CompactedTo { get; set; }

    internal ReadOnlySpan<LogSegment> Segments => segments.All;

    internal string DirectoryPath => directory;

    /// <summary>
    /// Appends exactly one batch: judged once, given its offset in place, written once. Any thread; batches are ordered by the partition's lock.
    /// The batch is patched (base offset, leader epoch; timestamps where the topic uses the broker's clock).
    /// </summary>
    public AppendResult Append(Span<byte> batch, AppendOrigin origin)
    {
        var now = services.Now;
        if (BatchJudge.Judge(batch, origin, config, now, out var header, out var maxTimestamp) is { } fault)
        {
            return AppendResult.Refused(fault, LogStartOffset);
        }
        AppendResult result;
        var due = default(LogWaiters.Due);
        lock (gate)
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
        lock (gate)
        {
            if (highWatermark >= offset)
            {
                return true;
            }
            if (state == State.Open)
            {
                waiters.Add(waiter, offset);
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
    public ReadResult Read(long offset, IsolationLevel isolation, Span<byte> destination) => reader.Read(offset, isolation, destination);

    /// <summary>How many bytes there are for a reader at <paramref name="offset"/>: what min_bytes is compared with. 0 when the offset is out of range.</summary>
    public long AvailableBytes(long offset, IsolationLevel isolation) => reader.AvailableBytes(offset, isolation);

    /// <summary>
    /// Parks <paramref name="waiter"/> until there is more to read. False, and not parked, when the end that the isolation level allows is no longer
    /// <paramref name="seenEnd"/> (the high watermark or last stable offset of the caller's last look) or the log is closed: look again.
    /// </summary>
    public bool AddFetchWaiter(FetchWaiter waiter, IsolationLevel isolation, long seenEnd)
    {
        lock (gate)
        {
            if (state == State.Closed || EndFor(isolation) != seenEnd)
            {
                return false;
            }
            waiters.Add(waiter, this);
            return true;
        }
    }

    /// <summary>Takes <paramref name="waiter"/> away; nothing happens when it is not parked here.</summary>
    public void RemoveFetchWaiter(FetchWaiter waiter)
    {
        lock (gate)
        {
            if (waiter.ParkedOn == this)
            {
                waiters.Remove(waiter);
            }
        }
    }

    /// <summary>The first record at or after <paramref name="timestamp"/> that <paramref name="isolation"/> lets be seen; null when there is none.</summary>
    public OffsetAndTimestamp? FindOffsetByTimestamp(long timestamp, IsolationLevel isolation) => reader.FindOffsetByTimestamp(timestamp, isolation);

    /// <summary>The record with the greatest timestamp (KIP-734); null when the log is empty.</summary>
    public OffsetAndTimestamp? FindMaxTimestamp() => reader.FindMaxTimestamp();

    /// <summary>Where <paramref name="leaderEpoch"/> ended (KIP-320).</summary>
    public EpochEndOffset EndOffsetForEpoch(int leaderEpoch) => epochs.EndOf(leaderEpoch, LogEndOffset);

    /// <summary>The leader epoch that <paramref name="offset"/> was or will be written in; -1 when none is known.</summary>
    public int EpochOf(long offset) => epochs.EpochOf(offset);

    /// <summary>New settings hold from the next append on.</summary>
    public void UpdateConfig(LogConfig newConfig)
    {
        LogWaiters.Due due;
        lock (gate)
        {
            config = newConfig;
            due = AdvanceHighWatermark();
        }
        due.Call(this);
    }

    /// <summary>Moves the first readable offset up (DeleteRecords). OffsetOutOfRange above the high watermark; an offset below the present start changes nothing.</summary>
    public ErrorCode AdvanceLogStart(long offset)
    {
        lock (gate)
        {
            if (offset > highWatermark)
            {
                return ErrorCode.OffsetOutOfRange;
            }
            Volatile.Write(ref logStartOffset, Math.Max(logStartOffset, offset));
            return ErrorCode.None;
        }
    }

    internal long EndFor(IsolationLevel isolation) => isolation == IsolationLevel.ReadCommitted ? LastStableOffset : HighWatermark;

    /// <summary>The epoch that this process writes with begins at the log end.</summary>
    internal void BeginEpoch(int epoch)
    {
        lock (gate)
        {
            LeaderEpoch = Math.Max(LeaderEpoch, epoch);
            epochsUnsaved |= epochs.Begin(LeaderEpoch, logEndOffset);
        }
    }

    /// <summary>Closes the active segment when it holds anything, so that retention and compaction may take it.</summary>
    internal void RollWhenNotEmpty()
    {
        lock (gate)
        {
            if (state == State.Open && segments.Active.Size > 0)
            {
                Roll(services.Now);
            }
        }
    }

    /// <summary>Takes away the oldest <paramref name="count"/> segments: out of sight at once, their files when the readers have had their time.</summary>
    internal LogSegment[] RemoveOldestSegments(int count)
    {
        lock (gate)
        {
            var removed = segments.All[..count].ToArray();
            Volatile.Write(ref logStartOffset, Math.Max(logStartOffset, segments.All[count].BaseOffset));
            segments.RemoveFirst(count);
            directoryChanged = true;
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
        lock (gate)
        {
            segments.Replace(old, compacted);
        }
    }

    /// <summary>True for the batch that holds the last sequence of its producer: compaction keeps its header.</summary>
    internal bool IsNewestOfProducer(in RecordBatchHeader header)
    {
        if (!header.HasProducerId)
        {
            return false;
        }
        lock (gate)
        {
            return producers.Find(header.ProducerId, services.Now, config.ProducerIdExpirationMs)?.Newest?.LastOffset == header.LastOffset;
        }
    }

    /// <summary>Forgets silent producers, and closes files that nobody has used since the last call.</summary>
    internal void Rest()
    {
        lock (gate)
        {
            producers.RemoveExpired(services.Now, config.ProducerIdExpirationMs);
        }
        foreach (var segment in segments.All)
        {
            segment.ReleaseWhenIdle();
        }
    }

    private ErrorCode Refusal => state == State.Closed ? ErrorCode.NotLeaderOrFollower : ErrorCode.KafkaStorageError;

    /// <summary>The answer to a batch that does not go into the log: it is there already, or it may not. Null when it goes in.</summary>
    private AppendResult? AnswerWithoutAppend(in RecordBatchHeader header, AppendOrigin origin, long now)
    {
        if (state != State.Open)
        {
            return new AppendResult(Refusal, -1, -1, -1, logStartOffset, null);
        }
        if (!header.HasProducerId || origin != AppendOrigin.Client)
        {
            return null;
        }
        var producer = producers.Find(header.ProducerId, now, config.ProducerIdExpirationMs);
        if (producer is not null && FindSame(producer, header) is { } same)
        {
            var appendTime = config.TimestampType == TimestampType.LogAppendTime ? same.Timestamp : -1;
            return new AppendResult(ErrorCode.None, same.FirstOffset, same.LastOffset, appendTime, logStartOffset, null);
        }
        return ProducerStates.Check(producer, header) is { } fault ? AppendResult.Refused(fault, logStartOffset) : null;
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
            reader.RestoreHistory(producer);
        }
        return producer.Find(header.BaseSequence, header.LastSequence);
    }

    private AppendResult Write(Span<byte> batch, in RecordBatchHeader received, long maxTimestamp, long now)
    {
        var appendTime = -1L;
        if (config.TimestampType == TimestampType.LogAppendTime)
        {
            // the clock may go back; the order of the log and the order of its times stay the same
            appendTime = maxTimestamp = lastAppendTime = Math.Max(lastAppendTime, now);
            RecordBatch.SetTimestamp(batch, TimestampType.LogAppendTime, appendTime);
        }
        else if (maxTimestamp != received.MaxTimestamp)
        {
            RecordBatch.SetTimestamp(batch, TimestampType.CreateTime, maxTimestamp);
        }
        RecordBatch.Place(batch, logEndOffset, LeaderEpoch);
        var header = RecordBatchHeader.Read(batch);
        try
        {
            PrepareSegment(batch.Length, header, now);
            segments.Active.Append(batch, header, maxTimestamp, config.IndexIntervalBytes);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return TakeBack(batch.Length, failure);
        }
        producers.Remember(header, now);
        Volatile.Write(ref logEndOffset, header.NextOffset);
        return new AppendResult(ErrorCode.None, header.BaseOffset, header.LastOffset, appendTime, logStartOffset, null);
    }

    private void PrepareSegment(int batchSize, in RecordBatchHeader header, long now)
    {
        if (segments.Active.ShouldRoll(config, batchSize, header.LastOffset, header.MaxTimestamp, now))
        {
            Roll(now);
        }
        if (epochsUnsaved)
        {
            epochs.Save(directory, sync: false);
            epochsUnsaved = false;
            epochsUnsynced = true;
        }
    }

    private void Roll(long now)
    {
        var closed = segments.Active;
        closed.Seal();
        segments.Add(LogSegment.Create(directory, logEndOffset, now));
        closed.File.Dispose();
        directoryChanged = true;
        RequestFlushLocked(checkpoint: true);
    }

    /// <summary>A batch that is half in the file would stand before all that follow: it is cut off, or nothing may follow.</summary>
    private AppendResult TakeBack(int bytes, Exception failure)
    {
        services.Logger.AppendFailed(failure, Name, bytes);
        try
        {
            segments.Active.UndoAppend();
        }
        catch (Exception second) when (second is IOException or UnauthorizedAccessException)
        {
            state = State.ReadOnly;
            services.Logger.TurnedReadOnly(second, Name);
        }
        return new AppendResult(ErrorCode.KafkaStorageError, -1, -1, -1, logStartOffset, null);
    }
}
