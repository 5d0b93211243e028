using System.Collections.Concurrent;
using Confluent.Kafka;

namespace Garam.Broker.Tests.Crash;

/// <summary>Idempotent producers and a committing consumer that go on through every death of the broker, and remember what they were told.</summary>
internal sealed class ClientLoad : IAsyncDisposable
{
    public const string Topic = "load";
    public const string Group = "readers";
    public const int Partitions = 3;
    public const int Producers = 2;

    private const int MaxOutstanding = 400;
    private const int RecordsPerCommit = 20;

    private readonly string _servers;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _loops = [];
    private readonly int[] _sent = new int[Producers];
    private int _outstanding;
    private int _committing;

    public ClientLoad(string servers)
    {
        _servers = servers;
        for (var i = 0; i < Producers; i++)
        {
            var producer = i;
            _loops.Add(Task.Factory.StartNew(() => Produce(producer), TaskCreationOptions.LongRunning));
        }

        _loops.Add(Task.Factory.StartNew(Consume, TaskCreationOptions.LongRunning));
    }

    /// <summary>Records that were handed to a producer and not answered yet.</summary>
    public int Outstanding => Volatile.Read(ref _outstanding);

    /// <summary>1 while a commit waits for its answer.</summary>
    public int Committing => Volatile.Read(ref _committing);

    /// <summary>Every record that the broker has acknowledged: producer, number, partition and offset.</summary>
    public ConcurrentQueue<(int Producer, int Number, int Partition, long Offset)> Acknowledged { get; } = new();

    /// <summary>Per partition, the furthest offset whose commit was acknowledged.</summary>
    public ConcurrentDictionary<int, long> Committed { get; } = new();

    public ConcurrentQueue<string> Failures { get; } = new();

    public IReadOnlyList<int> Sent => _sent;

    /// <summary>Stops sending, and waits until everything that was sent is answered.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_loops);
        _stop.Dispose();
    }

    private void Produce(int id)
    {
        using var producer = new ProducerBuilder<string, string>(new ProducerConfig
        {
            BootstrapServers = _servers,
            EnableIdempotence = true,
            LingerMs = 2,
            BatchNumMessages = 50,
            MessageTimeoutMs = 120_000,
            ReconnectBackoffMs = 20,
            ReconnectBackoffMaxMs = 100,
            RetryBackoffMs = 20,
        }).SetErrorHandler((_, error) => Note(error)).SetLogHandler((_, _) => { }).Build();
        using var room = new SemaphoreSlim(MaxOutstanding / Producers);
        while (!_stop.IsCancellationRequested)
        {
            room.Wait();
            var number = _sent[id]++;
            Interlocked.Increment(ref _outstanding);
            producer.Produce(new TopicPartition(Topic, number % Partitions), new Message<string, string> { Key = $"{id}", Value = $"{number}" }, report =>
            {
                Interlocked.Decrement(ref _outstanding);
                Note(report.Error);
                Acknowledged.Enqueue((id, number, report.Partition.Value, report.Offset.Value));
                room.Release();
            });
        }

        producer.Flush(TimeSpan.FromMinutes(2)).ShouldBe(0);
    }

    private void Consume()
    {
        using var consumer = new ConsumerBuilder<string, string>(new ConsumerConfig
        {
            BootstrapServers = _servers,
            GroupId = Group,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            EnableAutoCommit = false,
            SessionTimeoutMs = 30_000,
            HeartbeatIntervalMs = 500,
            ReconnectBackoffMs = 20,
            ReconnectBackoffMaxMs = 100,
        }).SetErrorHandler((_, error) => Note(error)).SetLogHandler((_, _) => { }).Build();
        consumer.Subscribe(Topic);
        var read = 0;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                if (consumer.Consume(TimeSpan.FromMilliseconds(50)) is { } record && ++read % RecordsPerCommit == 0)
                {
                    Commit(consumer, record);
                }
            }
            catch (KafkaException exception) when (!exception.Error.IsFatal)
            {
                // The broker is dead or has just come back; the consumer goes on where it is.
            }
        }
    }

    private void Commit(IConsumer<string, string> consumer, ConsumeResult<string, string> record)
    {
        Volatile.Write(ref _committing, 1);
        try
        {
            consumer.Commit(record);
            Committed[record.Partition.Value] = record.Offset.Value + 1;
        }
        finally
        {
            Volatile.Write(ref _committing, 0);
        }
    }

    private void Note(Error error)
    {
        if (error.IsFatal || error.Code is ErrorCode.Local_MsgTimedOut or ErrorCode.OutOfOrderSequenceNumber or ErrorCode.UnknownProducerId)
        {
            Failures.Enqueue(error.ToString());
        }
    }
}
