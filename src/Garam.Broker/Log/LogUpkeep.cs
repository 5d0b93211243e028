using System.Collections.Concurrent;

namespace Garam.Broker.Log;

/// <summary>The work that recurs on all logs: checkpoints, retention, compaction. Each kind runs one at a time.</summary>
internal sealed class LogUpkeep(LogManager manager, LogManagerOptions options, LogServices services, DelayedRemoval removal) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<ITimer> _timers = [];
    private readonly ConcurrentDictionary<string, byte> _failing = [];
    private readonly LogCompactor _compactor = new(services, removal, options.CompactionMemoryBytes);
    private readonly LogRetention _retention = new(services, removal);

    public void Start()
    {
        Every(options.CheckpointMs, "the checkpoint", Checkpoint);
        Every(options.RetentionCheckMs, "retention", _retention.Apply);
        Every(options.CompactionCheckMs, "compaction", log => _compactor.Compact(log, _stopping.Token));
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        foreach (var timer in _timers)
        {
            await timer.DisposeAsync();
        }
        _stopping.Dispose();
    }

    private static bool Checkpoint(PartitionLog log)
    {
        log.Checkpoint();
        log.Rest();
        return true;
    }

    /// <param name="periodMs">Between the begin of one round and the next.</param>
    /// <param name="work">What the log calls it.</param>
    /// <param name="onLog">Does the work on one log; true when checkpoints have to be written.</param>
    private void Every(long periodMs, string work, Func<PartitionLog, bool> onLog)
    {
        var busy = new Lock();
        var period = TimeSpan.FromMilliseconds(periodMs);
        _timers.Add(services.Problems.Background.CreateTimer($"log maintenance: {work}", () => RunOnce(busy, work, onLog), period, period));
    }

    private void RunOnce(Lock busy, string work, Func<PartitionLog, bool> onLog)
    {
        if (!busy.TryEnter())
        {
            return;
        }
        try
        {
            var changed = false;
            foreach (var log in manager.Logs)
            {
                Try(() => changed |= Visit(log, onLog), log.Name.ToString(), work);
            }
            if (changed)
            {
                Try(manager.WriteCheckpoints, "all partitions", "writing checkpoints");
            }
        }
        finally
        {
            busy.Exit();
        }
    }

    private static bool Visit(PartitionLog log, Func<PartitionLog, bool> onLog)
    {
        lock (log.Upkeep)
        {
            return !log.IsClosed && onLog(log);
        }
    }

    private void Try(Action action, string partition, string work)
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }
        try
        {
            action();
            Succeeded(partition, work);
        }
        catch (OperationCanceledException)
        {
            // the broker stops or the partition was deleted: half a compaction has been thrown away
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            services.Logger.BackgroundWorkFailed(failure, partition, work);
            Failed(partition, work, failure);
        }
        catch (Exception failure)
        {
            // one partition must not keep the others from their maintenance
            services.Logger.UnforeseenFailure(failure, partition, work);
            Failed(partition, work, failure);
        }
    }

    private void Failed(string partition, string work, Exception failure)
    {
        var subject = $"{work} of {partition}";
        _failing[subject] = 0;
        services.Problems.Report(subject, $"{work} of {partition} failed and will be tried again: {failure.Message}");
    }

    private void Succeeded(string partition, string work)
    {
        if (!_failing.IsEmpty && _failing.TryRemove($"{work} of {partition}", out _))
        {
            services.Problems.Resolve($"{work} of {partition}");
        }
    }
}
