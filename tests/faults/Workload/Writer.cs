using Confluent.Kafka;
using Garam.Faults.Histories;
using Garam.Faults.Runs;

namespace Garam.Faults.Workload;

/// <summary>Sends unique values to the three topics, a few at a time, and writes down how each send ended.</summary>
internal sealed class Writer(Clients clients, int number)
{
    private const int Keys = 40, MaxInFlight = 60, PerPause = 6, IdempotentPatienceMs = 300_000, PatienceMs = 3000;
    private const int LargestValue = 400;

    private readonly string _name = $"writer-{number}";
    private readonly Random _random = new(HashCode.Combine(clients.Scenario.Seed, number));
    private readonly SemaphoreSlim _room = new(MaxInFlight);
    private long _timestamp = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
    private int _sent;

    /// <summary>Sends until the load ends, then waits until every send has ended.</summary>
    public void Run()
    {
        var idempotent = clients.Scenario.Idempotent;
        var config = clients.ProducerConfig();
        config.Acks = clients.Scenario.Acks;
        config.EnableIdempotence = idempotent;
        config.CompressionType = clients.Scenario.Codec;
        config.LingerMs = 2;
        config.BatchNumMessages = 20;
        // One that may not repeat itself never gives up; the other one does, so that some sends end without an answer.
        config.MessageTimeoutMs = idempotent ? IdempotentPatienceMs : PatienceMs;
        using var producer = new ProducerBuilder<string, string>(config).SetLogHandler((_, _) => { }).SetErrorHandler((_, error) => Complain(error)).Build();
        while (!clients.Stop.IsCancellationRequested)
        {
            for (var i = 0; i < PerPause; i++)
            {
                Send(producer);
            }

            clients.Pause(_random.Next(1, 4));
        }

        producer.Flush(TimeSpan.FromMilliseconds(IdempotentPatienceMs));
    }

    private void Send(IProducer<string, string> producer)
    {
        _room.Wait();
        var topic = _random.Next(5) switch { 0 => Scenario.Compacted, 1 => Scenario.Retained, _ => Scenario.Kept };
        var line = new HistoryEvent
        {
            Client = _name,
            Operation = Operation.Send,
            Topic = topic,
            Partition = _random.Next(Scenario.Partitions),
            Key = $"k{_random.Next(Keys)}",
            Value = $"{number}:{_sent++}:{new string('x', _random.Next(LargestValue))}",
            Timestamp = _timestamp += _random.Next(3),
        };
        // What the filling is made of is of no interest to anybody who reads the history.
        var recorded = line with { Value = line.Value[..line.Value.LastIndexOf(':')] };
        clients.History.Add(recorded);
        clients.Progress.SendBegins();
        var message = new Message<string, string> { Key = line.Key, Value = line.Value, Timestamp = new Timestamp(line.Timestamp.Value, TimestampType.CreateTime) };
        producer.Produce(new TopicPartition(topic, line.Partition.Value), message, report => Ended(recorded, report));
    }

    private void Ended(HistoryEvent line, DeliveryReport<string, string> report)
    {
        var outcome = report.Error.Code == ErrorCode.NoError ? Outcome.Ok : report.Status == PersistenceStatus.NotPersisted ? Outcome.Fail : Outcome.Info;
        clients.History.Add(line with
        {
            Outcome = outcome,
            Offset = outcome == Outcome.Ok ? report.Offset.Value : null,
            Note = outcome == Outcome.Ok ? null : $"{report.Error.Code}: {report.Error.Reason}",
        });
        clients.Progress.SendEnds(outcome == Outcome.Ok);
        _room.Release();
    }

    private void Complain(Error error)
    {
        if (error.IsFatal)
        {
            clients.History.Add(new HistoryEvent { Client = _name, Operation = Operation.Await, Outcome = Outcome.Fail, Note = $"the producer gave up: {error}" });
        }
    }
}
