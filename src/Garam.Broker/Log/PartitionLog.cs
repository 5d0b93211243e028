using Garam.Kafka;

namespace Garam.Broker.Log;

/// <summary>The log of one partition.</summary>
internal sealed class PartitionLog
{
    public TopicPartition Name => throw new NotImplementedException();

    /// <summary>The topic that the directory was made for: a topic of the same name made later has another id.</summary>
    public Guid TopicId => throw new NotImplementedException();

    public LogConfig Config => throw new NotImplementedException();

    /// <summary>First offset that can be read.</summary>
    public long LogStartOffset => throw new NotImplementedException();

    /// <summary>End of what consumers see: everything below is as durable as the flush policy asks.</summary>
    public long HighWatermark => throw new NotImplementedException();

    /// <summary>End of what read_committed consumers see.</summary>
    public long LastStableOffset => throw new NotImplementedException();

    /// <summary>The offset that the next record gets.</summary>
    public long LogEndOffset => throw new NotImplementedException();

    /// <summary>Grows with every unclean start.</summary>
    public int LeaderEpoch => throw new NotImplementedException();

    /// <summary>Closed or deleted: appends and reads answer NotLeaderOrFollower.</summary>
    public bool IsClosed => throw new NotImplementedException();

    /// <summary>Bytes of all segments.</summary>
    public long SizeInBytes => throw new NotImplementedException();

    /// <summary>
    /// Appends exactly one batch: judged once, given its offset in place, written once. Any thread; batches are ordered by the partition's lock.
    /// The batch is patched (base offset, leader epoch; timestamps where the topic uses the broker's clock).
    /// </summary>
    public AppendResult Append(Span<byte> batch, AppendOrigin origin) => throw new NotImplementedException();

    /// <summary>
    /// True when the high watermark is at or beyond <paramref name="offset"/> already; else <paramref name="waiter"/> is completed when it gets there.
    /// To wait for an append: its <see cref="AppendResult.LastOffset"/> + 1.
    /// </summary>
    public bool IsCommitted(long offset, CommitWaiter waiter) => throw new NotImplementedException();

    /// <summary>
    /// Copies whole batches, from the one that holds <paramref name="offset"/> on, into <paramref name="destination"/>, as many as fit.
    /// Takes no lock and allocates nothing.
    /// </summary>
    public ReadResult Read(long offset, IsolationLevel isolation, Span<byte> destination) => throw new NotImplementedException();

    /// <summary>How many bytes a reader at <paramref name="offset"/> could get from the segment that it is in: what min_bytes is compared with. 0 when the offset is out of range.</summary>
    public long AvailableBytes(long offset, IsolationLevel isolation) => throw new NotImplementedException();

    /// <summary>
    /// Parks <paramref name="waiter"/> until there is something at or behind <paramref name="offset"/> that it has not seen. False, and not parked, when the end that the
    /// isolation level allows is no longer <paramref name="seenEnd"/> (the high watermark or last stable offset of the caller's last look) or the log is closed: look again.
    /// </summary>
    public bool AddFetchWaiter(FetchWaiter waiter, IsolationLevel isolation, long seenEnd) => throw new NotImplementedException();

    /// <summary>Takes <paramref name="waiter"/> away; nothing happens when it is not parked here.</summary>
    public void RemoveFetchWaiter(FetchWaiter waiter) => throw new NotImplementedException();

    /// <summary>The first record at or after <paramref name="timestamp"/> that <paramref name="isolation"/> lets be seen; null when there is none.</summary>
    public OffsetAndTimestamp? FindOffsetByTimestamp(long timestamp, IsolationLevel isolation) => throw new NotImplementedException();

    /// <summary>The record with the greatest timestamp (KIP-734); null when the log is empty.</summary>
    public OffsetAndTimestamp? FindMaxTimestamp() => throw new NotImplementedException();

    /// <summary>Where <paramref name="leaderEpoch"/> ended (KIP-320).</summary>
    public EpochEndOffset EndOffsetForEpoch(int leaderEpoch) => throw new NotImplementedException();

    /// <summary>The leader epoch that <paramref name="offset"/> was or will be written in; -1 when none is known.</summary>
    public int EpochOf(long offset) => throw new NotImplementedException();

    /// <summary>New settings hold from the next append on.</summary>
    public void UpdateConfig(LogConfig config) => throw new NotImplementedException();

    /// <summary>Moves the first readable offset up (DeleteRecords). OffsetOutOfRange above the high watermark; an offset below the present start changes nothing.</summary>
    public ErrorCode AdvanceLogStart(long offset) => throw new NotImplementedException();
}
