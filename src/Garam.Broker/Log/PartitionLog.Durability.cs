using Garam.Kafka;

namespace Garam.Broker.Log;

/// <summary>How a partition log becomes durable: what is flushed, when, and what that lets the high watermark do.</summary>
internal sealed partial class PartitionLog
{
    private readonly Lock flushing = new();
    private long flushedOffset, recoveryPoint;
    private bool flushRequested, checkpointRequested, directoryChanged, epochsUnsaved, epochsUnsynced, isNew;
    private ITimer? flushTimer;
    private bool flushTimerRuns;

    /// <summary>Held while files of the directory are replaced or removed behind the requests, so that the directory itself does not move meanwhile.</summary>
    internal Lock Upkeep { get; } = new();

    /// <summary>Everything below is on stable storage and need not be looked at by recovery.</summary>
    internal long RecoveryPoint => Volatile.Read(ref recoveryPoint);

    /// <summary>Makes everything that is in the log now durable, and the recovery point follows. It waits for the disk: not for threads that serve requests.</summary>
    internal void Checkpoint()
    {
        lock (gate)
        {
            checkpointRequested |= recoveryPoint < logEndOffset;
        }
        Flush();
    }

    /// <summary>Makes everything that is in the log now durable. The flusher's thread, or one that closes the log.</summary>
    internal void Flush()
    {
        LogWaiters.Due due;
        lock (flushing)
        {
            due = FlushInTurn();
        }
        due.Call(this);
    }

    /// <summary>No more appends or reads; those who wait are told. With <paramref name="flush"/> everything is durable and checkpointed first.</summary>
    internal void Close(bool flush)
    {
        if (flush)
        {
            lock (gate)
            {
                segments.Active.Seal();
            }
            Checkpoint();
        }
        LogWaiters.Due due;
        lock (flushing) // a flush that is under way still writes into the directory
        {
            lock (gate)
            {
                state = State.Closed;
                flushTimer?.Dispose();
                due = waiters.TakeAll(ErrorCode.NotLeaderOrFollower);
            }
        }
        due.Call(this);
        foreach (var segment in segments.All)
        {
            segment.File.Dispose();
        }
    }

    /// <summary>There is nothing that a flush would do.</summary>
    internal bool IsFlushed => flushedOffset == logEndOffset && !checkpointRequested && !directoryChanged && !epochsUnsynced && !isNew;

    private FlushPlan PlanFlush()
    {
        var from = checkpointRequested ? recoveryPoint : flushedOffset;
        var dirty = segments.From(from).ToArray();
        var plan = new FlushPlan(
            directory, logEndOffset, dirty, Array.ConvertAll(dirty, segment => segment.IndexCounts),
            checkpointRequested ? ProducerSnapshot.Write(producers) : null,
            epochsUnsaved || epochsUnsynced ? epochs : null, directoryChanged, isNew);
        flushRequested = checkpointRequested = directoryChanged = epochsUnsaved = epochsUnsynced = isNew = false;
        return plan;
    }

    private LogWaiters.Due FlushInTurn()
    {
        FlushPlan plan;
        lock (gate)
        {
            if (state != State.Open || IsFlushed)
            {
                flushRequested = false;
                return default;
            }
            plan = PlanFlush();
        }
        try
        {
            plan.SyncBatches();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return TurnReadOnly(failure);
        }
        return Flushed(plan, TryWriteDerived(plan));
    }

    private bool TryWriteDerived(FlushPlan plan)
    {
        try
        {
            plan.WriteDerived();
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            services.Logger.BackgroundWorkFailed(failure, Name.ToString(), "the checkpoint");
            return false;
        }
    }

    private LogWaiters.Due Flushed(FlushPlan plan, bool derivedIsWritten)
    {
        lock (gate)
        {
            flushedOffset = Math.Max(flushedOffset, plan.Target);
            epochsUnsynced |= !derivedIsWritten;
            isNew |= plan.IsNew && !derivedIsWritten;
            if (plan.IsCheckpoint && derivedIsWritten)
            {
                Volatile.Write(ref recoveryPoint, Math.Max(recoveryPoint, plan.Target));
            }
            return AdvanceHighWatermark();
        }
    }

    private void RequestFlushLocked(bool checkpoint)
    {
        checkpointRequested |= checkpoint;
        if (!flushRequested && state == State.Open)
        {
            flushRequested = true;
            services.Flusher.Enqueue(this);
        }
    }

    /// <summary>
    /// Lets consumers see what the flush policy allows: all of it while fewer than <c>flush.messages</c> offsets are not durable; else what is, and a flush
    /// is on its way.
    /// </summary>
    private LogWaiters.Due AdvanceHighWatermark()
    {
        var end = logEndOffset;
        if (logEndOffset - flushedOffset >= config.FlushMessages)
        {
            RequestFlushLocked(checkpoint: false);
            end = Math.Max(flushedOffset, highWatermark);
        }
        if (config.FlushMs < long.MaxValue && logEndOffset > flushedOffset)
        {
            StartFlushTimer();
        }
        if (end == highWatermark)
        {
            return default;
        }
        Volatile.Write(ref highWatermark, end);
        return waiters.TakeDue(end);
    }

    private void StartFlushTimer()
    {
        if (flushTimerRuns)
        {
            return;
        }
        flushTimerRuns = true;
        flushTimer ??= services.Clock.CreateTimer(static log => ((PartitionLog)log!).FlushTimeIsUp(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        flushTimer.Change(TimeSpan.FromMilliseconds(Math.Min(config.FlushMs, int.MaxValue)), Timeout.InfiniteTimeSpan);
    }

    private void FlushTimeIsUp()
    {
        lock (gate)
        {
            flushTimerRuns = false;
            RequestFlushLocked(checkpoint: false);
        }
    }

    /// <summary>After a failed sync nobody knows what the disk holds, and a second sync that succeeds says nothing about the first.</summary>
    private LogWaiters.Due TurnReadOnly(Exception failure)
    {
        services.Logger.TurnedReadOnly(failure, Name);
        lock (gate)
        {
            state = State.ReadOnly;
            return waiters.TakeCommits(ErrorCode.KafkaStorageError);
        }
    }
}
