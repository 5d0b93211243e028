using Garam.Broker.Resources;
using Garam.Kafka;

namespace Garam.Broker.Log;

/// <content>What becomes of a log when its disk fails, or no file can be opened.</content>
internal sealed partial class PartitionLog
{
    private const int RetryFlushMs = 1000;
    private bool _appendsFail, _flushIsPostponed;

    /// <summary>How the problems of the partition are listed.</summary>
    private string Subject => $"partition {Name}";

    private string SyncSubject => $"syncing partition {Name}";

    /// <summary>A batch that is half in the file would stand before all that follow: it is cut off, or nothing may follow.</summary>
    private AppendResult TakeBack(int bytes, Exception failure)
    {
        if (!_appendsFail) // the next append is likely to fail as well: one line for all of them
        {
            _services.Logger.AppendFailed(failure, Name, bytes);
        }
        _appendsFail = true;
        _services.Problems.Report(Subject, $"{Name} cannot take records: {failure.Message}. It does again when the cause is gone.");
        try
        {
            _segments.Active.RemoveTornTail();
        }
        catch (FileOpenException)
        {
            // no file can be opened now: the next append removes it first
        }
        catch (Exception second) when (second is IOException or UnauthorizedAccessException)
        {
            _state = State.ReadOnly;
            ReportReadOnly(second);
        }
        return new AppendResult(ErrorCode.KafkaStorageError, -1, -1, -1, _logStartOffset, null);
    }

    private void AppendsSucceed()
    {
        _appendsFail = false;
        _services.Problems.Resolve(Subject);
    }

    /// <summary>What could not be opened was not synced, and no sync has failed: all is as before, and tried again.</summary>
    private LogWaiters.Due Postpone(FlushPlan plan, FileOpenException failure)
    {
        lock (_gate)
        {
            _checkpointRequested |= plan.IsCheckpoint;
            _directoryChanged |= plan.DirectoryChanged;
            _epochsUnsaved |= plan.Epochs is not null;
            _isNew |= plan.IsNew;
            if (!_flushIsPostponed)
            {
                _services.Logger.FlushPostponed(failure, Name);
            }
            _flushIsPostponed = true;
            _services.Problems.Report(SyncSubject, $"{Name} cannot be synced: {failure.Message}. This is retried every second.");
            StartFlushTimer(RetryFlushMs);
            return _waiters.TakeCommits(ErrorCode.KafkaStorageError);
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
        _services.Problems.Report(Subject, $"{Name} is read-only because the disk failed ({failure.Message}). Check the disk, then restart the broker.");
    }
}
