using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Garam.Broker.Log;

/// <summary>All partition logs under one data directory, and the work that is done on them behind the requests: flushing, checkpoints, retention, compaction, removal.</summary>
internal sealed class LogManager : IAsyncDisposable
{
    private const string CleanShutdownFile = ".kafka_cleanshutdown";
    private const string RemovedSuffix = "-delete", StraySuffix = "-stray";

    // Closing a log waits for the disk, not for a processor, and a disk syncs several files in hardly more time than one.
    private const int ClosingThreads = 16;
    private readonly ConcurrentDictionary<TopicPartition, PartitionLog> _logs = [];
    private readonly string _dataDirectory;
    private readonly LogManagerOptions _options;
    private readonly LogServices _services;
    private readonly OffsetCheckpoint _recoveryPoints, _logStarts, _cleaned;
    private readonly Lock _checkpointing = new(), _saving = new();
    private Task? _nextSave;
    private readonly DelayedRemoval _removal;
    private readonly LogUpkeep _upkeep;
    private int _leaderEpoch;

    private LogManager(string dataDirectory, LogManagerOptions options, LogServices services)
    {
        this._dataDirectory = dataDirectory;
        this._options = options;
        this._services = services;
        _recoveryPoints = new OffsetCheckpoint(services.Disk, dataDirectory, OffsetCheckpoint.RecoveryPoints);
        _logStarts = new OffsetCheckpoint(services.Disk, dataDirectory, OffsetCheckpoint.LogStarts);
        _cleaned = new OffsetCheckpoint(services.Disk, dataDirectory, OffsetCheckpoint.Cleaned);
        _removal = new DelayedRemoval(services);
        _upkeep = new LogUpkeep(this, options, services, _removal);
    }

    /// <summary>Every partition that is there, internal topics included; those whose topic no longer exists are the caller's to <see cref="Delete"/>.</summary>
    public IReadOnlyCollection<PartitionLog> Logs => (IReadOnlyCollection<PartitionLog>)_logs.Values;

    /// <summary>Where they lie.</summary>
    public string DataDirectory => _dataDirectory;

    /// <summary>What is wrong with the broker, logs and all: the parts that are built on the logs report here too.</summary>
    public BrokerProblems Problems => _services.Problems;

    /// <summary>True when the previous process did not stop cleanly.</summary>
    public bool IsAfterCrash { get; private set; }

    /// <summary>
    /// Opens every partition directory under <paramref name="dataDirectory"/> (made when absent), with recovery where the last stop was not clean.
    /// Configs are the default until <see cref="PartitionLog.UpdateConfig"/>; nothing is deleted or compacted before <see cref="Start"/>.
    /// </summary>
    public static LogManager Open(string dataDirectory, LogManagerOptions options, ILogger logger, TimeProvider clock, CancellationToken cancellationToken)
    {
        return Open(dataDirectory, options, new LogServices(clock, logger, new LogFlusher(), Disk.OfSystem), cancellationToken);
    }

    /// <summary>As above, on another disk.</summary>
    internal static LogManager Open(string dataDirectory, LogManagerOptions options, LogServices services, CancellationToken cancellationToken)
    {
        services.Disk.CreateDirectory(dataDirectory);
        var manager = new LogManager(dataDirectory, options, services);
        manager.OpenLogs(cancellationToken);
        return manager;
    }

    public PartitionLog? Find(TopicPartition name) => _logs.GetValueOrDefault(name);

    /// <summary>Makes an empty partition.</summary>
    /// <exception cref="InvalidOperationException">There is one of that name.</exception>
    /// <exception cref="IOException">The disk said no.</exception>
    public PartitionLog Create(TopicPartition name, Guid topicId, LogConfig config)
    {
        if (_logs.ContainsKey(name))
        {
            throw new InvalidOperationException($"the partition {name} is there already");
        }
        if (_recoveryPoints.Mentions(name) || _logStarts.Mentions(name) || _cleaned.Mentions(name))
        {
            WriteCheckpoints(); // what was true of a deleted partition must not pass for the truth about this one
        }
        var directory = Path.Combine(_dataDirectory, name.ToString());
        if (_services.Disk.DirectoryExists(directory))
        {
            MoveAway(name, directory, StraySuffix); // its removal failed, or it was put there meanwhile: old records must not mix with new ones
        }
        var log = new PartitionLog(name, directory, new PartitionRecovery(name, directory, _services).Create(topicId), config, _services);
        log.BeginEpoch(_leaderEpoch);
        if (!_logs.TryAdd(name, log))
        {
            throw new InvalidOperationException($"the partition {name} was made twice at once");
        }
        return log;
    }

    /// <summary>
    /// Closes a partition and takes its directory out of sight at once (it never comes back after a crash); the files go after file.delete.delay.ms.
    /// False when there is none of that name.
    /// </summary>
    public bool Delete(TopicPartition name)
    {
        if (!_logs.TryRemove(name, out var log))
        {
            return false;
        }
        log.Close(flush: false);
        string removed;
        lock (log.Upkeep)
        {
            removed = MoveAway(name, log.DirectoryPath, RemovedSuffix);
        }
        _removal.Schedule(log.Config.FileDeleteDelayMs, () => _services.Disk.DeleteDirectory(removed), removed);
        return true;
    }

    /// <summary>
    /// Closes a partition that belongs to no known topic and keeps its directory under a name that no start opens: <c>TOPIC-N.ID-stray</c>.
    /// </summary>
    public void SetAside(TopicPartition name)
    {
        if (_logs.TryRemove(name, out var log))
        {
            log.Close(flush: false);
            _services.Logger.SetAside(name, Path.GetFileName(MoveAway(name, log.DirectoryPath, StraySuffix)));
        }
    }

    /// <summary>The names of the directories that were set aside, now or earlier.</summary>
    public IReadOnlyList<string> StrayDirectories =>
        [.. _services.Disk.Directories(_dataDirectory).Where(path => path.EndsWith(StraySuffix, StringComparison.Ordinal)).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    /// <summary>Starts retention, compaction and checkpoints.</summary>
    public void Start() => _upkeep.Start();

    /// <summary>
    /// Completes when every log start of now is on disk. Whoever asks while a file is being written waits for the next one, together with all others
    /// who do: however many ask, one writes and one waits.
    /// </summary>
    /// <exception cref="IOException">The disk said no: after a crash the deleted records may be back.</exception>
    public Task SaveLogStartsAsync()
    {
        lock (_saving)
        {
            // Not background work: every caller awaits it and gets its failure.
            return _nextSave ??= Task.Run(SaveLogStarts);
        }
    }

    /// <summary>Stops the background work, flushes, and leaves the mark of a clean stop.</summary>
    public async ValueTask DisposeAsync()
    {
        await _upkeep.DisposeAsync();
        _removal.Dispose();
        _services.Flusher.Dispose();
        var areClosed = CloseAll();
        WriteCheckpoints();
        if (areClosed && _logs.Values.All(log => log.RecoveryPoint == log.LogEndOffset))
        {
            _services.Disk.Replace(Path.Combine(_dataDirectory, CleanShutdownFile), "{\"version\":0,\"brokerEpoch\":-1}"u8, sync: true);
        }
    }

    /// <summary>Lets everything go as a crash would: nothing is flushed or written, the next start is unclean. For tests.</summary>
    internal async ValueTask AbandonAsync()
    {
        await _upkeep.DisposeAsync();
        _removal.Dispose();
        _services.Flusher.Dispose();
        foreach (var log in _logs.Values)
        {
            log.Close(flush: false);
        }
    }

    /// <summary>Writes down what recovery may rely on.</summary>
    internal void WriteCheckpoints()
    {
        lock (_checkpointing)
        {
            _recoveryPoints.Save(_logs.ToDictionary(log => log.Key, log => log.Value.RecoveryPoint));
            WriteLogStarts();
            _cleaned.Save(_logs.Where(log => log.Value.CompactedTo > 0).ToDictionary(log => log.Key, log => log.Value.CompactedTo));
        }
    }

    /// <summary>False when a log could not be closed: the others are.</summary>
    private bool CloseAll()
    {
        var areClosed = true;
        Parallel.ForEach(_logs.Values, new ParallelOptions { MaxDegreeOfParallelism = ClosingThreads }, log =>
        {
            try
            {
                log.Close(flush: true);
            }
            catch (Exception failure)
            {
                Volatile.Write(ref areClosed, false);
                _services.Logger.CloseFailed(failure, log.Name);
            }
        });
        return areClosed;
    }

    private string MoveAway(TopicPartition name, string directory, string suffix)
    {
        var moved = Path.Combine(_dataDirectory, $"{Shortened(name.Topic)}-{name.Partition}.{Guid.NewGuid():N}{suffix}");
        _services.Disk.MoveDirectory(directory, moved);
        _services.Disk.SyncDirectory(_dataDirectory);
        return moved;
    }

    private void SaveLogStarts()
    {
        lock (_checkpointing)
        {
            lock (_saving)
            {
                _nextSave = null; // what moves from here on may be missing in this file
            }
            WriteLogStarts();
        }
    }

    private void WriteLogStarts() =>
        _logStarts.Save(_logs.Where(log => log.Value.LogStartOffset > log.Value.Segments[0].BaseOffset).ToDictionary(log => log.Key, log => log.Value.LogStartOffset));

    private void OpenLogs(CancellationToken cancellationToken)
    {
        var started = _services.Clock.GetTimestamp();
        var clean = TakeCleanMark();
        var (recovery, starts, compacted) = (_recoveryPoints.Load(), _logStarts.Load(), _cleaned.Load());
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = _options.RecoveryThreads, CancellationToken = cancellationToken };
        Parallel.ForEach(_services.Disk.Directories(_dataDirectory), parallel, directory =>
        {
            if (directory.EndsWith(RemovedSuffix, StringComparison.Ordinal))
            {
                RemoveDeleted(directory);
            }
            else if (TryParse(Path.GetFileName(directory), out var name))
            {
                var isKnown = recovery.TryGetValue(name, out var recoveryPoint); // a directory that was put here by hand is checked as after a crash
                var recovered = new PartitionRecovery(name, directory, _services).Recover(clean && isKnown, isKnown ? recoveryPoint : null, starts.GetValueOrDefault(name));
                _logs[name] = new PartitionLog(name, directory, recovered with { CompactedTo = Math.Min(compacted.GetValueOrDefault(name), recovered.LogEndOffset) }, new LogConfig(), _services);
            }
        });
        IsAfterCrash = !clean && !_logs.IsEmpty;
        BeginEpoch();
        _services.Logger.Opened(_logs.Count, (long)_services.Clock.GetElapsedTime(started).TotalMilliseconds, clean, _leaderEpoch);
    }

    private void RemoveDeleted(string directory)
    {
        try
        {
            _services.Disk.DeleteDirectory(directory);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _services.Logger.NotRemoved(failure, directory);
        }
    }

    /// <summary>
    /// After a crash every partition goes on in an epoch that no record was ever written in: offsets that were lost may be given again, and this is how readers notice.
    /// One number for all partitions costs one sync, not one for each.
    /// </summary>
    private void BeginEpoch()
    {
        var floor = new LeaderEpochFloor(_services.Disk, _dataDirectory);
        _leaderEpoch = floor.Load();
        if (IsAfterCrash)
        {
            _leaderEpoch = Math.Max(_leaderEpoch, _logs.Values.Max(log => log.LeaderEpoch)) + 1;
            floor.Save(_leaderEpoch);
        }
        foreach (var log in _logs.Values)
        {
            log.BeginEpoch(_leaderEpoch);
        }
    }

    /// <summary>True when the last stop was clean; from now on it is not, until the next clean stop.</summary>
    private bool TakeCleanMark()
    {
        var mark = Path.Combine(_dataDirectory, CleanShutdownFile);
        if (!_services.Disk.Exists(mark))
        {
            return false;
        }
        _services.Disk.Delete(mark);
        _services.Disk.SyncDirectory(_dataDirectory);
        return true;
    }

    /// <summary>File names hold 255 bytes; a topic's own name may take nearly all of them.</summary>
    private static string Shortened(string topic) => topic.Length > 200 ? topic[..200] : topic;

    private static bool TryParse(string directoryName, out TopicPartition name)
    {
        var dash = directoryName.LastIndexOf('-');
        name = default;
        if (dash <= 0 || !int.TryParse(directoryName.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var partition))
        {
            return false;
        }
        name = new TopicPartition(directoryName[..dash], partition);
        return true;
    }
}
