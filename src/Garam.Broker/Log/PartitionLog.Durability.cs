using Garam.Kafka;

namespace Garam.Broker.Log;

/// <summary>How a partition log becomes durable: what is flushed, when, and what that lets the high watermark do.</summary>
internal sealed partial class PartitionLog
{
    private readonly Lock _flushing = new();
    private long _flushedOffset, _recoveryPoint;
    private bool _flushRequested, _checkpointRequested, _directoryChanged, _epochsUnsaved, _isNew;
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

    /// <summary>Makes everything that is in the log now durable. The flusher's thread, or one that closes the log.</summary>
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
        foreach (var segment in _segments.All)
        {
            segment.File.Dispose();
        }
    }

    /// <summary>There is nothing that a flush would do.</summary>
    internal bool IsFlushed => _flushedOffset == _logEndOffset && !_checkpointRequested && !_directoryChanged && !_isNew;

    private FlushPlan PlanFlush()
    {
        var from = _checkpointRequested ? _recoveryPoint : _flushedOffset;
        var dirty = _segments.From(from).ToArray();
        var plan = new FlushPlan(
            _services.Disk, _directory, _logEndOffset, dirty, Array.ConvertAll(dirty, segment => segment.IndexCounts),
            _checkpointRequested ? ProducerSnapshot.Write(_producers) : null,
            _epochsUnsaved ? _epochs : null, _directoryChanged, _isNew);
        _flushRequested = _checkpointRequested = _directoryChanged = _epochsUnsaved = _isNew = false;
        return plan;
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
            _services.Flusher.Enqueue(this);
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
            StartFlushTimer();
        }
        if (end == _highWatermark)
        {
            return default;
        }
        Volatile.Write(ref _highWatermark, end);
        return _waiters.TakeDue(end);
    }

    private void StartFlushTimer()
    {
        if (_flushTimerRuns)
        {
            return;
        }
        _flushTimerRuns = true;
        _flushTimer ??= _services.Clock.CreateTimer(static log => ((PartitionLog)log!).FlushTimeIsUp(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _flushTimer.Change(TimeSpan.FromMilliseconds(Math.Min(_config.FlushMs, int.MaxValue)), Timeout.InfiniteTimeSpan);
    }

    private void FlushTimeIsUp()
    {
        lock (_gate)
        {
            _flushTimerRuns = false;
            RequestFlushLocked(checkpoint: false);
        }
    }

    /// <summary>After a failed sync nobody knows what the disk holds, and a second sync that succeeds says nothing about the first.</summary>
    private LogWaiters.Due TurnReadOnly(Exception failure)
    {
        ReportReadOnly(failure);
        lock (_gate)
        {
            _state = State.ReadOnly;
            return _waiters.TakeCommits(ErrorCode.KafkaStorageError);
        }
    }

    private void ReportReadOnly(Exception failure)
    {
        _services.Logger.TurnedReadOnly(failure, Name);
        _services.Problems.Report($"partition {Name}", $"{Name} is read-only because the disk failed ({failure.Message}). Check the disk, then restart the broker.");
    }
}
