using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Garam.Broker.Log;

/// <summary>All partition logs under one data directory, and the work that is done on them behind the requests: flushing, checkpoints, retention, compaction, removal.</summary>
internal sealed class LogManager : IAsyncDisposable
{
    private const string CleanShutdownFile = ".kafka_cleanshutdown";
    private const string RemovedSuffix = "-delete";
    private readonly ConcurrentDictionary<TopicPartition, PartitionLog> logs = [];
    private readonly string dataDirectory;
    private readonly LogManagerOptions options;
    private readonly LogServices services;
    private readonly OffsetCheckpoint recoveryPoints, logStarts, cleaned;
    private readonly Lock checkpointing = new();
    private readonly DelayedRemoval removal;
    private readonly LogUpkeep upkeep;
    private int leaderEpoch;

    private LogManager(string dataDirectory, LogManagerOptions options, LogServices services)
    {
        this.dataDirectory = dataDirectory;
        this.options = options;
        this.services = services;
        recoveryPoints = new OffsetCheckpoint(dataDirectory, OffsetCheckpoint.RecoveryPoints);
        logStarts = new OffsetCheckpoint(dataDirectory, OffsetCheckpoint.LogStarts);
        cleaned = new OffsetCheckpoint(dataDirectory, OffsetCheckpoint.Cleaned);
        removal = new DelayedRemoval(services);
        upkeep = new LogUpkeep(this, options, services, removal);
    }

    /// <summary>Every partition that is there, internal topics included; those whose topic no longer exists are the caller's to <see cref="Delete"/>.</summary>
    public IReadOnlyCollection<PartitionLog> Logs => (IReadOnlyCollection<PartitionLog>)logs.Values;

    /// <summary>True when the previous process did not stop cleanly.</summary>
    public bool IsAfterCrash { get; private set; }

    /// <summary>
    /// Opens every partition directory under <paramref name="dataDirectory"/> (made when absent), with recovery where the last stop was not clean.
    /// Configs are the default until <see cref="PartitionLog.UpdateConfig"/>; nothing is deleted or compacted before <see cref="Start"/>.
    /// </summary>
    public static LogManager Open(string dataDirectory, LogManagerOptions options, ILogger logger, TimeProvider clock, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(dataDirectory);
        var manager = new LogManager(dataDirectory, options, new LogServices(clock, logger, new LogFlusher()));
        manager.OpenLogs(cancellationToken);
        return manager;
    }

    public PartitionLog? Find(TopicPartition name) => logs.GetValueOrDefault(name);

    /// <summary>Makes an empty partition.</summary>
    /// <exception cref="InvalidOperationException">There is one of that name.</exception>
    /// <exception cref="IOException">The disk said no.</exception>
    public PartitionLog Create(TopicPartition name, Guid topicId, LogConfig config)
    {
        if (logs.ContainsKey(name))
        {
            throw new InvalidOperationException($"the partition {name} is there already");
        }
        var directory = Path.Combine(dataDirectory, name.ToString());
        var log = new PartitionLog(name, directory, new PartitionRecovery(name, directory, services).Create(topicId), config, services);
        log.BeginEpoch(leaderEpoch);
        if (!logs.TryAdd(name, log))
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
        if (!logs.TryRemove(name, out var log))
        {
            return false;
        }
        log.Close(flush: false);
        var removed = Path.Combine(dataDirectory, $"{Shortened(name.Topic)}-{name.Partition}.{Guid.NewGuid():N}{RemovedSuffix}");
        lock (log.Upkeep)
        {
            Directory.Move(log.DirectoryPath, removed);
            LogDirectory.Sync(dataDirectory);
        }
        removal.Schedule(log.Config.FileDeleteDelayMs, () => Directory.Delete(removed, recursive: true), removed);
        return true;
    }

    /// <summary>Starts retention, compaction and checkpoints.</summary>
    public void Start() => upkeep.Start();

    /// <summary>Stops the background work, flushes, and leaves the mark of a clean stop.</summary>
    public async ValueTask DisposeAsync()
    {
        await upkeep.DisposeAsync();
        removal.Dispose();
        services.Flusher.Dispose();
        Parallel.ForEach(logs.Values, log => log.Close(flush: true));
        WriteCheckpoints();
        if (logs.Values.All(log => log.RecoveryPoint == log.LogEndOffset))
        {
            LogDirectory.Replace(Path.Combine(dataDirectory, CleanShutdownFile), "{\"version\":0,\"brokerEpoch\":-1}"u8, sync: true);
        }
    }

    /// <summary>Lets everything go as a crash would: nothing is flushed or written, the next start is unclean. For tests.</summary>
    internal async ValueTask AbandonAsync()
    {
        await upkeep.DisposeAsync();
        removal.Dispose();
        services.Flusher.Dispose();
        foreach (var log in logs.Values)
        {
            log.Close(flush: false);
        }
    }

    /// <summary>Writes down what recovery may rely on.</summary>
    internal void WriteCheckpoints()
    {
        lock (checkpointing)
        {
            recoveryPoints.Save([.. logs.Select(log => KeyValuePair.Create(log.Key, log.Value.RecoveryPoint))]);
            logStarts.Save([.. logs.Where(log => log.Value.LogStartOffset > log.Value.Segments[0].BaseOffset).Select(log => KeyValuePair.Create(log.Key, log.Value.LogStartOffset))]);
            cleaned.Save([.. logs.Where(log => log.Value.CompactedTo > 0).Select(log => KeyValuePair.Create(log.Key, log.Value.CompactedTo))]);
        }
    }

    private void OpenLogs(CancellationToken cancellationToken)
    {
        var started = services.Clock.GetTimestamp();
        var clean = TakeCleanMark();
        var (recovery, starts, compacted) = (recoveryPoints.Load(), logStarts.Load(), cleaned.Load());
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.RecoveryThreads, CancellationToken = cancellationToken };
        Parallel.ForEach(Directory.GetDirectories(dataDirectory), parallel, directory =>
        {
            if (directory.EndsWith(RemovedSuffix, StringComparison.Ordinal))
            {
                Directory.Delete(directory, recursive: true);
            }
            else if (TryParse(Path.GetFileName(directory), out var name))
            {
                var recoveryPoint = recovery.GetValueOrDefault(name);
                var isKnown = recovery.ContainsKey(name); // a directory that was put here by hand is checked as after a crash
                var recovered = new PartitionRecovery(name, directory, services).Recover(clean && isKnown, recoveryPoint, starts.GetValueOrDefault(name));
                logs[name] = new PartitionLog(name, directory, recovered with { CompactedTo = compacted.GetValueOrDefault(name) }, new LogConfig(), services);
            }
        });
        IsAfterCrash = !clean && !logs.IsEmpty;
        BeginEpoch();
        services.Logger.Opened(logs.Count, (long)services.Clock.GetElapsedTime(started).TotalMilliseconds, clean, leaderEpoch);
    }

    /// <summary>
    /// After a crash every partition goes on in an epoch that no record was ever written in: offsets that were lost may be given again, and this is how readers notice.
    /// One number for all partitions costs one sync, not one for each.
    /// </summary>
    private void BeginEpoch()
    {
        var floor = new LeaderEpochFloor(dataDirectory);
        leaderEpoch = floor.Load();
        if (IsAfterCrash)
        {
            leaderEpoch = Math.Max(leaderEpoch, logs.Values.Max(log => log.LeaderEpoch)) + 1;
            floor.Save(leaderEpoch);
        }
        foreach (var log in logs.Values)
        {
            log.BeginEpoch(leaderEpoch);
        }
    }

    /// <summary>True when the last stop was clean; from now on it is not, until the next clean stop.</summary>
    private bool TakeCleanMark()
    {
        var mark = Path.Combine(dataDirectory, CleanShutdownFile);
        if (!File.Exists(mark))
        {
            return false;
        }
        File.Delete(mark);
        LogDirectory.Sync(dataDirectory);
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
