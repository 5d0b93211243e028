using Confluent.Kafka;
using Garam.Faults.Histories;
using Garam.Faults.Runs;

namespace Garam.Faults.Workload;

/// <summary>Reads one topic from its beginning, by assignment; now and then it is thrown away and begins anew.</summary>
internal sealed class AssignedReader(Clients clients, string topic, int number)
{
    private const int ShortestLife = 500, LongestLife = 8000, MaxBatch = 200, LongestPauseMs = 1000;

    private readonly string _name = $"reader-{topic}-{number}";
    private readonly Random _random = new(HashCode.Combine(clients.Scenario.Seed, topic, number));

    public void Run()
    {
        while (!clients.Stop.IsCancellationRequested)
        {
            Live(_random.Next(ShortestLife, LongestLife));
            clients.Pause(_random.Next(LongestPauseMs)); // who reads everything again all the time leaves nothing for the others
        }
    }

    private void Live(int records)
    {
        var config = clients.ConsumerConfig(_name);
        var keepsAll = topic == Scenario.Kept;
        // Where nothing is ever deleted, an offset out of range is not to be smoothed over.
        config.AutoOffsetReset = keepsAll ? AutoOffsetReset.Error : AutoOffsetReset.Earliest;
        using var consumer = new ConsumerBuilder<string, string>(config).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
        var partitions = Enumerable.Range(0, Scenario.Partitions).ToList();
        consumer.Assign(partitions.Select(partition => new TopicPartitionOffset(topic, partition, keepsAll ? 0 : Offset.Beginning)));
        clients.History.Add(new HistoryEvent
        {
            Client = _name,
            Operation = Operation.Assign,
            Outcome = Outcome.Ok,
            Topic = topic,
            Offsets = keepsAll ? [.. partitions.Select(partition => new PartitionOffset(partition, 0))] : null,
        });
        for (var read = 0; read < records && !clients.Stop.IsCancellationRequested;)
        {
            read += Poll(consumer);
        }
    }

    private int Poll(IConsumer<string, string> consumer)
    {
        var batch = new List<ConsumeResult<string, string>>();
        try
        {
            for (var patience = 50; batch.Count < MaxBatch && consumer.Consume(patience) is { } result; patience = 0)
            {
                batch.Add(result);
            }
        }
        catch (ConsumeException exception)
        {
            Complain(exception.Error);
        }

        foreach (var line in Records.Lines(_name, batch))
        {
            clients.History.Add(line);
        }

        clients.Progress.WasRead(batch.Count);
        return batch.Count;
    }

    private void Complain(Error error)
    {
        if (error.Code is ErrorCode.Local_AutoOffsetReset or ErrorCode.OffsetOutOfRange or ErrorCode.Local_BadMsg)
        {
            clients.History.Add(new HistoryEvent { Client = _name, Operation = Operation.Await, Outcome = Outcome.Fail, Note = $"an offset that must be there cannot be read: {error}" });
        }
    }
}
