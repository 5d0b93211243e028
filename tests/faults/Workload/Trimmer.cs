using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Garam.Faults.Histories;
using Garam.Faults.Runs;

namespace Garam.Faults.Workload;

/// <summary>Deletes the oldest records of the topic that keeps a tail, by DeleteRecords.</summary>
internal sealed class Trimmer(Clients clients)
{
    private const string Name = "trimmer";
    private const int KeptRecords = 200;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Random _random = new(HashCode.Combine(clients.Scenario.Seed, Name));

    public async Task RunAsync()
    {
        using var admin = new AdminClientBuilder(clients.AdminConfig()).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
        using var consumer = new ConsumerBuilder<string, string>(clients.ConsumerConfig(Name)).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
        while (!clients.Stop.IsCancellationRequested)
        {
            await TrimAsync(admin, consumer, new TopicPartition(Scenario.Retained, _random.Next(Scenario.Partitions)));
            clients.Pause(100);
        }
    }

    private async Task TrimAsync(IAdminClient admin, IConsumer<string, string> consumer, TopicPartition partition)
    {
        HistoryEvent? line = null;
        try
        {
            var ends = consumer.QueryWatermarkOffsets(partition, Patience);
            if (ends.High.Value - ends.Low.Value < KeptRecords)
            {
                return;
            }

            var offset = _random.NextInt64(ends.Low.Value + 1, ends.High.Value - KeptRecords + 2);
            line = new HistoryEvent { Client = Name, Operation = Operation.Trim, Topic = partition.Topic, Partition = partition.Partition.Value, Offset = offset };
            clients.History.Add(line);
            clients.Progress.ChangeBegins();
            // librdkafka looks for the leader first, and does not keep the timeout when the broker goes away meanwhile: seen to take forever.
            await admin.DeleteRecordsAsync([new TopicPartitionOffset(partition, offset)], new DeleteRecordsOptions { RequestTimeout = Patience, OperationTimeout = Patience })
                .WaitAsync(2 * Patience);
            clients.History.Add(line with { Outcome = Outcome.Ok });
        }
        catch (Exception exception) when (exception is KafkaException or TimeoutException)
        {
            if (line is not null)
            {
                clients.History.Add(line with { Outcome = Outcome.Info, Note = exception.Message });
            }
        }
        finally
        {
            if (line is not null)
            {
                clients.Progress.ChangeEnds();
            }
        }
    }
}
