using Garam.Broker.Apis;
using Garam.Broker.Configuration;
using Garam.Broker.Groups;
using Garam.Broker.Log;
using Garam.Broker.Timers;
using Garam.Broker.Topics;
using Garam.Broker.Tests.Log;
using Garam.Kafka;
using Microsoft.Extensions.Logging.Abstractions;

namespace Garam.Broker.Tests.PowerLoss;

/// <summary>Logs, topics and groups of a broker, on one thread: whoever waits for the disk does the flusher's work meanwhile, so that a run can be repeated.</summary>
internal sealed class BrokerOnDisk
{
    public const string Path = "/data";

    public static readonly BrokerConfig Config = BrokerConfig.Read(new Dictionary<string, string>
    {
        ["log.flush.interval.messages"] = "1",
        ["offsets.topic.num.partitions"] = "1",
        ["offsets.topic.segment.bytes"] = "4000",
        ["producer.id.expiration.ms"] = "2000000000",
    }, []);

    private readonly LogFlusher _flusher = new(hasThread: false);
    private readonly TimerQueue _timers;

    private BrokerOnDisk(SimulatedDisk disk, TestClock clock)
    {
        _timers = new TimerQueue(clock);
        Logs = LogManager.Open(Path, new LogManagerOptions { RecoveryThreads = 1 }, new LogServices(clock, NullLogger.Instance, _flusher, disk), CancellationToken.None);
        Topics = Wait(TopicStore.OpenAsync(Logs, Config, clock, NullLogger.Instance));
        Groups = Wait(GroupApis.StartCoordinatorAsync(new BrokerServices(Config, Logs, Topics, _timers, clock, NullLoggerFactory.Instance)));
        Logs.Start();
    }

    public LogManager Logs { get; }

    public TopicStore Topics { get; }

    public GroupCoordinator Groups { get; }

    public static BrokerOnDisk Start(SimulatedDisk disk, TestClock clock) => new(disk, clock);

    public PartitionLog? Find(string topic) => Topics.Find(new TopicPartition(topic, 0));

    public T Wait<T>(Task<T> task)
    {
        Wait((Task)task);
        return task.GetAwaiter().GetResult();
    }

    public void Wait(Task task)
    {
        for (var spin = default(SpinWait); !task.IsCompleted; spin.SpinOnce(-1))
        {
            _flusher.FlushQueued();
        }
        task.GetAwaiter().GetResult();
    }

    public ErrorCode WaitUntilCommitted(PartitionLog log, long end) => Wait(CommitAwaiter.WhenCommittedAsync(log, end).AsTask());

    public void FlushQueued() => _flusher.FlushQueued();

    public void Stop()
    {
        Groups.Dispose();
        _timers.Dispose();
        Wait(Logs.DisposeAsync().AsTask());
    }

    /// <summary>As kill -9: what was written stays in the memory of the machine.</summary>
    public void Kill()
    {
        Groups.Dispose();
        _timers.Dispose();
        Wait(Logs.AbandonAsync().AsTask());
    }
}
