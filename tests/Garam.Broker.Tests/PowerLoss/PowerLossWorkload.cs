using System.Text;
using Garam.Broker.Groups;
using Garam.Broker.Log;
using Garam.Broker.Tests.Log;
using Garam.Broker.Topics;
using Garam.Kafka;
using Garam.Kafka.Records;

namespace Garam.Broker.Tests.PowerLoss;

/// <summary>
/// A broker at work, by a seed: appends with rolls, compaction, retention, DeleteRecords, topics that come and go, groups that commit, checkpoints,
/// clean and unclean restarts. What it promises stands in the disk's journal, at the moment of the promise.
/// </summary>
internal sealed class PowerLossWorkload(int seed, SimulatedDisk disk, TestClock clock)
{
    public const string Safe = "safe", Lazy = "lazy", Compacted = "compacted", Group = "group";

    private static readonly Dictionary<string, Dictionary<string, string>> Configs = new()
    {
        [Safe] = new() { ["segment.bytes"] = "3000", ["index.interval.bytes"] = "300", ["retention.ms"] = "-1", ["file.delete.delay.ms"] = "1000" },
        [Lazy] = new() { ["segment.bytes"] = "2000", ["flush.messages"] = "9223372036854775807", ["retention.bytes"] = "5000", ["file.delete.delay.ms"] = "1000" },
        [Compacted] = new()
        {
            ["segment.bytes"] = "1500", ["cleanup.policy"] = "compact", ["min.cleanable.dirty.ratio"] = "0.1", ["delete.retention.ms"] = "600000", ["file.delete.delay.ms"] = "1000",
        },
    };

    private readonly Random _random = new(seed);
    private readonly Promises _asked = new(); // what is asked for, to choose what to do next; what is promised is in the journal
    private BrokerOnDisk _broker = null!;
    private int _values, _committed;

    public void Run(int steps)
    {
        _broker = BrokerOnDisk.Start(disk, clock);
        foreach (var (name, configs) in Configs)
        {
            Create(name, configs);
        }
        _broker.Stop(); // from now on their recovery points are known, which is how a hole is told from what Kafka's compaction leaves
        _broker = BrokerOnDisk.Start(disk, clock);
        for (var step = 0; step < steps; step++)
        {
            Step();
        }
        _broker.Stop();
    }

    private void Step()
    {
        switch (_random.Next(100))
        {
            case < 40:
                Append(Safe, producerId: 7);
                break;
            case < 62:
                Append(Compacted);
                break;
            case < 76:
                Append(Lazy);
                break;
            case < 82:
                Commit();
                break;
            case < 86:
                ComeOrGo($"guest-{_random.Next(2)}");
                break;
            case < 89:
                DeleteRecords();
                break;
            case < 95:
                clock.Advance(TimeSpan.FromSeconds(20));
                break;
            case < 98:
                clock.Advance(TimeSpan.FromSeconds(310));
                break;
            default:
                Restart();
                break;
        }
    }

    private void Restart()
    {
        if (_random.Next(2) == 0)
        {
            _broker.Stop();
        }
        else
        {
            _broker.Kill();
        }
        _broker = BrokerOnDisk.Start(disk, clock);
    }

    private void Promise(Action<Promises> make)
    {
        make(_asked);
        disk.Journal.Add(new Promise(make));
    }

    private void Create(string name, Dictionary<string, string> configs)
    {
        Promise(promises => promises.Topics[name] = new PromisedTopic { Configs = configs });
        var made = _broker.Wait(_broker.Topics.CreateAsync(new NewTopic(name, 1, configs), validateOnly: false, CancellationToken.None).AsTask());
        made.Error.ShouldBe(ErrorCode.None);
        var id = made.Topic!.Id;
        Promise(promises => promises.Topics[name].Id = id);
    }

    private void ComeOrGo(string name)
    {
        if (_broker.Topics.Find(name) is not { } topic)
        {
            Create(name, Configs[_random.Next(2) == 0 ? Safe : Lazy]);
            Append(name);
            return;
        }
        Promise(promises => promises.Topics[name].IsGoing = true);
        _broker.Wait(_broker.Topics.DeleteAsync(topic, CancellationToken.None).AsTask()).Error.ShouldBe(ErrorCode.None);
        Promise(promises => promises.Topics.Remove(name));
    }

    private void Append(string topic, long producerId = -1)
    {
        var log = _broker.Find(topic)!;
        var batch = NewBatch(log, topic == Compacted, producerId);
        Promise(promises => promises.Topics[topic].Send(batch));
        var appended = log.Append(batch.Bytes.ToArray(), AppendOrigin.Client);
        appended.Error.ShouldBe(ErrorCode.None);
        appended.BaseOffset.ShouldBe(batch.BaseOffset);
        if (log.Config.FlushMessages > 1)
        {
            if (_random.Next(4) == 0)
            {
                _broker.FlushQueued();
            }
            return;
        }
        _broker.WaitUntilCommitted(log, appended.LastOffset + 1).ShouldBe(ErrorCode.None);
        Promise(promises => promises.Topics[topic].Acknowledge(batch));
    }

    private SentBatch NewBatch(PartitionLog log, bool isCompacted, long producerId)
    {
        var builder = producerId < 0
            ? new RecordBatchBuilder()
            : new RecordBatchBuilder { ProducerId = producerId, ProducerEpoch = 0, BaseSequence = (int)log.LogEndOffset };
        var records = new List<SentRecord>();
        for (var count = _random.Next(1, 4); count > 0; count--)
        {
            var isTombstone = isCompacted && _random.Next(4) == 0;
            var record = new SentRecord($"key {_random.Next(6)}", isTombstone ? null : $"{_values++} {new string('.', _random.Next(_random.Next(700)))}");
            records.Add(record);
            if (isTombstone)
            {
                builder.AddTombstone(clock.Milliseconds, Encoding.UTF8.GetBytes(record.Key));
            }
            else
            {
                builder.Add(clock.Milliseconds, Encoding.UTF8.GetBytes(record.Key), Encoding.UTF8.GetBytes(record.Value!));
            }
        }
        return new SentBatch(log.LogEndOffset, log.LeaderEpoch, builder.Build().ToArray(), records);
    }

    private void Commit()
    {
        var offset = ++_committed;
        var topic = _broker.Topics.Find(Safe)!;
        var attempt = new CommitAttempt("", null, -1, [new PartitionCommit(new TopicPartition(Safe, 0), topic.Id, offset, -1, "", null)]);
        _broker.Wait(_broker.Groups.CommitAsync(Group, attempt)).ShouldBe(ErrorCode.None);
        Promise(promises => promises.CommittedOffsets[Group] = offset);
    }

    private void DeleteRecords()
    {
        var log = _broker.Find(Safe)!;
        var offset = Math.Min(log.HighWatermark, log.LogStartOffset + _random.Next(12));
        Promise(promises => promises.Topics[Safe].LogStartAsked = offset);
        log.AdvanceLogStart(offset).ShouldBe(ErrorCode.None);
        _broker.Wait(_broker.Logs.SaveLogStartsAsync());
        Promise(promises => promises.Topics[Safe].LogStart = offset);
    }
}
