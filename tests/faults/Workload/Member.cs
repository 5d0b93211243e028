using Confluent.Kafka;
using Garam.Faults.Histories;
using Garam.Faults.Runs;

namespace Garam.Faults.Workload;

/// <summary>A member of the group: subscribes, commits what it was given, and now and then is thrown away without a word of farewell, or with one.</summary>
internal sealed class Member(Clients clients, int number)
{
    public const string Group = "members";

    /// <summary>Longer than a short freeze of the broker, shorter than a long one.</summary>
    public const int SessionTimeoutMs = 1500;

    private const int ShortestLife = 300, LongestLife = 6000, MaxBatch = 100;

    private readonly string _name = $"member-{number}";
    private readonly Random _random = new(HashCode.Combine(clients.Scenario.Seed, "member", number));
    private readonly List<ConsumeResult<string, string>> _batch = [];
    private readonly Dictionary<int, long> _uncommitted = [];

    public void Run()
    {
        while (!clients.Stop.IsCancellationRequested)
        {
            Live(_random.Next(ShortestLife, LongestLife));
        }
    }

    private void Live(int records)
    {
        var config = clients.ConsumerConfig(Group);
        config.AutoOffsetReset = AutoOffsetReset.Earliest;
        config.SessionTimeoutMs = SessionTimeoutMs;
        config.HeartbeatIntervalMs = 300;
        config.PartitionAssignmentStrategy = clients.Scenario.Seed % 2 == 0 ? PartitionAssignmentStrategy.Range : PartitionAssignmentStrategy.CooperativeSticky;
        using var consumer = new ConsumerBuilder<string, string>(config).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { })
            .SetPartitionsAssignedHandler((_, _) => BeginAnew([]))
            .SetPartitionsRevokedHandler((_, revoked) => BeginAnew(revoked))
            .SetPartitionsLostHandler((_, lost) => BeginAnew(lost)).Build();
        consumer.Subscribe(Scenario.Kept);
        for (var read = 0; read < records && !clients.Stop.IsCancellationRequested;)
        {
            read += Poll(consumer);
            Commit(consumer);
        }

        if (_random.Next(2) == 0)
        {
            consumer.Close();
        }

        BeginAnew([]);
        _uncommitted.Clear();
    }

    private int Poll(IConsumer<string, string> consumer)
    {
        var read = 0;
        try
        {
            for (var patience = 50; read < MaxBatch && consumer.Consume(patience) is { } result; patience = 0)
            {
                _batch.Add(result);
                _uncommitted[result.Partition.Value] = result.Offset.Value + 1;
                read++;
            }
        }
        catch (ConsumeException)
        {
            // the broker is away, or has the group no longer: the consumer joins again
        }

        WriteDown();
        return read;
    }

    /// <summary>What was read before belongs before the rebalance, and what was taken away may not be committed any more: it may be somebody else's by now.</summary>
    private void BeginAnew(IEnumerable<TopicPartitionOffset> gone)
    {
        WriteDown();
        foreach (var partition in gone)
        {
            _uncommitted.Remove(partition.Partition.Value);
        }

        clients.History.Add(new HistoryEvent { Client = _name, Operation = Operation.Assign, Outcome = Outcome.Ok, Topic = Scenario.Kept });
    }

    private void WriteDown()
    {
        foreach (var line in Records.Lines(_name, _batch))
        {
            clients.History.Add(line);
        }

        clients.Progress.WasRead(_batch.Count);
        _batch.Clear();
    }

    private void Commit(IConsumer<string, string> consumer)
    {
        if (_uncommitted.Count == 0)
        {
            return;
        }

        var line = new HistoryEvent
        {
            Client = _name,
            Group = Group,
            Operation = Operation.Commit,
            Topic = Scenario.Kept,
            Offsets = [.. _uncommitted.Select(offset => new PartitionOffset(offset.Key, offset.Value))],
        };
        clients.History.Add(line);
        clients.Progress.CommitBegins();
        var ended = line with { Outcome = Outcome.Ok };
        try
        {
            consumer.Commit(_uncommitted.Select(offset => new TopicPartitionOffset(Scenario.Kept, offset.Key, offset.Value)));
            _uncommitted.Clear();
        }
        catch (KafkaException exception)
        {
            var refused = exception.Error.Code is ErrorCode.IllegalGeneration or ErrorCode.UnknownMemberId or ErrorCode.RebalanceInProgress;
            ended = line with { Outcome = refused ? Outcome.Fail : Outcome.Info, Note = exception.Error.ToString() };
        }

        clients.Progress.CommitEnds(ended.Outcome == Outcome.Ok);
        clients.History.Add(ended);
    }
}
