using Confluent.Kafka;
using Garam.Faults.Checking;
using Garam.Faults.Histories;
using Garam.Faults.Runs;

namespace Garam.Faults.Workload;

/// <summary>When nothing happens any more: waits until the group has come to the end, and reads everything from the beginning.</summary>
internal sealed class Audit(Clients clients)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>The members have committed everything that there is.</summary>
    public void AwaitGroup()
    {
        using var consumer = new ConsumerBuilder<string, string>(clients.ConsumerConfig(Member.Group)).SetLogHandler((_, _) => { }).Build();
        var partitions = Enumerable.Range(0, Scenario.Partitions).Select(partition => new TopicPartition(Scenario.Kept, partition)).ToList();
        var waited = System.Diagnostics.Stopwatch.StartNew();
        for (var behind = 1L; behind > 0;)
        {
            var committed = consumer.Committed(partitions, Patience);
            behind = committed.Sum(offset => consumer.QueryWatermarkOffsets(offset.TopicPartition, Patience).High.Value - Math.Max(0, offset.Offset.Value));
            if (behind > 0 && waited.Elapsed > Patience)
            {
                clients.History.Add(new HistoryEvent { Client = Member.Group, Operation = Operation.Await, Outcome = Outcome.Fail, Note = $"the group is {behind} records behind the end, {Patience.TotalSeconds} s after the last one was sent" });
                return;
            }

            clients.Pause(50);
        }
    }

    /// <summary>Every record that is there.</summary>
    public void ReadAll()
    {
        foreach (var topic in new[] { Scenario.Kept, Scenario.Compacted, Scenario.Retained })
        {
            for (var partition = 0; partition < Scenario.Partitions; partition++)
            {
                ReadAll(new TopicPartition(topic, partition));
            }
        }
    }

    private void ReadAll(TopicPartition partition)
    {
        var config = clients.ConsumerConfig(History.Auditor);
        config.EnablePartitionEof = true;
        config.AutoOffsetReset = AutoOffsetReset.Earliest;
        using var consumer = new ConsumerBuilder<string, string>(config).SetLogHandler((_, _) => { }).Build();
        var high = consumer.QueryWatermarkOffsets(partition, Patience).High.Value;
        consumer.Assign(new TopicPartitionOffset(partition, Offset.Beginning));
        var all = new List<ConsumeResult<string, string>>();
        while (true)
        {
            var result = consumer.Consume(Patience);
            if (result is null || result.IsPartitionEOF)
            {
                Complain(result is null, partition);
                break;
            }

            all.Add(result);
        }

        foreach (var line in Records.Lines(History.Auditor, all))
        {
            clients.History.Add(line);
        }

        // Asked for at the end: what retention takes while somebody reads is not missed.
        var start = consumer.QueryWatermarkOffsets(partition, Patience).Low.Value;
        clients.History.Add(new HistoryEvent
        {
            Client = History.Auditor,
            Operation = Operation.Ends,
            Outcome = Outcome.Ok,
            Topic = partition.Topic,
            Partition = partition.Partition.Value,
            Ends = new LogEnds(start, high, high, high),
        });
    }

    private void Complain(bool isStuck, TopicPartition partition)
    {
        if (isStuck)
        {
            clients.History.Add(new HistoryEvent { Client = History.Auditor, Operation = Operation.Await, Outcome = Outcome.Fail, Note = $"{partition} did not come to its end within {Patience.TotalSeconds} s" });
        }
    }
}
