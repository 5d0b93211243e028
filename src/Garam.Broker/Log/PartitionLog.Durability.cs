using Garam.Broker.Resources;
using Garam.Kafka;

namespace Garam.Broker.Log;

/// <summary>How a partition log becomes durable: what is flushed, when, and what that lets the high watermark do.</summary>
internal sealed partial class PartitionLog
{
    private readonly Lock _flushing = new();
    private long _flushedOffset, _recoveryPoint;
    private bool _flushRequested, _checkpointRequested, _directoryChanged, _epochsUnsaved, _isNew;
    private bool _isQueued;
    private ITimer? _flushTimer;
    private bool _flushTimerRuns;

    /// <summary>Held while files of the directory are replaced or removed behind the requests, so that the directory itself does not move meanwhile.</summary>
    internal Lock Upkeep { get; } = new();

    /// <summary>Everything below is on stable storage and need not be looked at by recovery.</summary>
    internal long RecoveryPoint => Volatile.Read(ref _recoveryPoint);

    /// <summary>Makes everything that is in the log now durable, and the recovery point follows. It waits for the disk: not for threads that serve requests.</summary>
    internal void Checkpoint()
    {
        lock (_gate)
        {
            _checkpointRequested |= _recoveryPoint < _logEndOffset;
        }
        Flush();
    }

    /// <summary>Makes everything that is in the log now durable, and answers those who wait for that. Not for threads that serve requests.</summary>
    internal void Flush()
    {
        LogWaiters.Due due;
        lock (_flushing)
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
            lock (_gate)
            {
                _segments.Active.Seal();
            }
            Checkpoint();
        }
        LogWaiters.Due due;
        lock (_flushing) // a flush that is under way still writes into the directory
        {
            lock (_gate)
            {
                _state = State.Closed;
                _flushTimer?.Dispose();
                due = _waiters.TakeAll(ErrorCode.NotLeaderOrFollower);
            }
        }
        due.Call(this);
        CloseFiles();
        _services.Problems.Resolve(Subject);
        _services.Problems.Resolve(SyncSubject);
    }

    /// <summary>Closes the files; a use opens them again.</summary>
    internal void CloseFiles()
    {
        foreach (var segment in _segments.All)
        {
            segment.File.Dispose();
        }
    }

    /// <summary>There is nothing that a flush would do.</summary>
    internal bool IsFlushed => IsUnused || (_flushedOffset == _logEndOffset && !_checkpointRequested && !_directoryChanged && !_isNew);

    /// <summary>Nothing was ever appended: if a power cut takes the directory, the next start makes it again. It is synced with its first batch.</summary>
    private bool IsUnused => _logEndOffset == 0;

    private FlushPlan PlanFlush()
    {
        var dirty = _checkpointRequested ? SegmentsToCheckpoint() : _segments.From(_flushedOffset).ToArray();
        var plan = new FlushPlan(
            _services.Disk, _directory, _logEndOffset, dirty, Array.ConvertAll(dirty, segment => segment.IndexCounts),
            _checkpointRequested ? ProducerSnapshot.Write(_producers) : null,
            _epochsUnsaved ? _epochs : null, _directoryChanged, _isNew);
        _flushRequested = _checkpointRequested = _directoryChanged = _epochsUnsaved = _isNew = false;
        return plan;
    }

    /// <summary>A segment that was closed at the recovery point has got the last entry of its time index since the checkpoint that moved it there.</summary>
    private LogSegment[] SegmentsToCheckpoint()
    {
        var all = _segments.All;
        var first = all.Length - _segments.From(_recoveryPoint).Length;
        return all[(first > 0 && all[first - 1].HasUnwrittenIndexes ? first - 1 : first)..].ToArray();
    }

    private LogWaiters.Due FlushInTurn()
    {
        FlushPlan plan;
        lock (_gate)
        {
            if (_state != State.Open || IsFlushed)
            {
                _flushRequested = false;
                return default;
            }
            plan = PlanFlush();
        }
        try
        {
            plan.SyncBatches();
        }
        catch (FileOpenException failure)
        {
            return Postpone(plan, failure);
        }
        catch (Exception failure)
        {
            // whatever it was, nobody knows what is durable; and an exception that left the flusher's thread would end the process
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
            _services.Logger.BackgroundWorkFailed(failure, Name.ToString(), "the checkpoint");
            return false;
        }
        catch (Exception failure)
        {
            _services.Logger.UnforeseenFailure(failure, Name.ToString(), "the checkpoint"); // as above: the process is not to end for it
            return false;
        }
    }

    private LogWaiters.Due Flushed(FlushPlan plan, bool derivedIsWritten)
    {
        lock (_gate)
        {
            _flushedOffset = Math.Max(_flushedOffset, plan.Target);
            if (_flushIsPostponed)
            {
                _flushIsPostponed = false;
                _services.Problems.Resolve(SyncSubject);
            }
            _epochsUnsaved |= plan.Epochs is not null && !derivedIsWritten;
            _isNew |= plan.IsNew && !derivedIsWritten;
            if (plan.IsCheckpoint && derivedIsWritten)
            {
                Volatile.Write(ref _recoveryPoint, Math.Max(_recoveryPoint, plan.Target));
            }
            return AdvanceHighWatermark();
        }
    }

    private void RequestFlushLocked(bool checkpoint)
    {
        _checkpointRequested |= checkpoint;
        if (!_flushRequested && _state == State.Open)
        {
            _flushRequested = true;
            EnqueueLocked();
        }
    }

    /// <summary>One flusher thread at a time is enough for a partition: a second one would only wait for the first.</summary>
    private void EnqueueLocked()
    {
        if (!_isQueued)
        {
            _isQueued = true;
            _services.Flusher.Enqueue(this);
        }
    }

    /// <summary>Called by a flusher thread that has taken the log from the queue. What was requested meanwhile is queued again.</summary>
    internal LogWaiters.Due FlushFromQueue()
    {
        try
        {
            lock (_flushing)
            {
                return FlushInTurn();
            }
        }
        finally
        {
            lock (_gate)
            {
                _isQueued = false;
                if (_flushRequested)
                {
                    EnqueueLocked();
                }
            }
        }
    }

    /// <summary>
    /// Lets consumers see what the flush policy allows: all of it while fewer than <c>flush.messages</c> offsets are not durable; else what is, and a flush
    /// is on its way.
    /// </summary>
    private LogWaiters.Due AdvanceHighWatermark()
    {
        var end = _logEndOffset;
        if (_logEndOffset - _flushedOffset >= _config.FlushMessages)
        {
            RequestFlushLocked(checkpoint: false);
            end = Math.Max(_flushedOffset, _highWatermark);
        }
        if (_config.FlushMs < long.MaxValue && _logEndOffset > _flushedOffset)
        {
            StartFlushTimer(_config.FlushMs);
        }
        if (end == _highWatermark)
        {
            return default;
        }
        Volatile.Write(ref _highWatermark, end);
        return _waiters.TakeDue(end);
    }

    private void StartFlushTimer(long delayMs)
    {
        if (_flushTimerRuns && delayMs >= _config.FlushMs)
        {
            return;
        }
        _flushTimerRuns = true;
        _flushTimer ??= _services.Problems.Background.CreateTimer($"the flush timer of {Name}", OnFlushTimer, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _flushTimer.Change(TimeSpan.FromMilliseconds(Math.Min(delayMs, int.MaxValue)), Timeout.InfiniteTimeSpan);
    }

    private void OnFlushTimer()
    {
        lock (_gate)
        {
            _flushTimerRuns = false;
            RequestFlushLocked(checkpoint: false);
        }
    }
}
