using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Garam.Operations.Connections;
using Garam.Operations.Topics;

namespace Garam.Operations.Tests;

/// <summary>What tests of operations share: a connection, topics of their own, records in them. Inherited by a class for each broker.</summary>
public abstract class OperationsTests(TestKafka kafka) : IAsyncLifetime
{
    private KafkaConnection? _connection;

    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected KafkaConnection Connection => _connection!;

    protected string Servers => kafka.BootstrapServers;

    protected string Topic { get; } = TestKafka.NewName("orders");

    public async ValueTask InitializeAsync()
    {
        await kafka.UseAsync();
        _connection = new KafkaConnection(kafka.BootstrapServers);
    }

    public virtual ValueTask DisposeAsync()
    {
        _connection?.Dispose();
        GC.SuppressFinalize(this);
        return default;
    }

    /// <summary>Returns when every broker knows the topic: on Apache Kafka that is a little after the creation was answered.</summary>
    protected async Task CreateAsync(string topic, int partitions, params (string Name, string Value)[] configs)
    {
        var created = await new TopicOperations(Connection).CreateAsync([topic], partitions, 1, configs.ToDictionary(config => config.Name, config => config.Value), dryRun: false, Ct);
        created.ShouldAllBe(outcome => outcome.Failure == null);
        await Eventually.Is(partitions, async () => (await new TopicOperations(Connection).ListAsync(Ct)).SingleOrDefault(listed => listed.Name == topic)?.Partitions ?? 0);
    }

    /// <summary>Writes records whose times are milliseconds since 1970, one for each.</summary>
    protected async Task ProduceAtAsync(string topic, int partition, params IEnumerable<long> times)
    {
        using var producer = new ProducerBuilder<string, string>(Connection.Configure(new ProducerConfig { LingerMs = 0 })).Build();
        foreach (var time in times)
            await producer.ProduceAsync(new TopicPartition(topic, partition), new Message<string, string> { Key = "k", Value = $"at {time}", Timestamp = new Timestamp(time, TimestampType.CreateTime) }, Ct);
    }

    protected Task ProduceAsync(string topic, int partition, int count) => ProduceAtAsync(topic, partition, Enumerable.Range(1, count).Select(second => second * 1000L));

    /// <summary>Commits as a consumer outside any generation does.</summary>
    protected async Task CommitAsync(string group, string topic, params (int Partition, long Offset)[] offsets) =>
        await Connection.Admin.AlterConsumerGroupOffsetsAsync(
            [new ConsumerGroupTopicPartitionOffsets(group, [.. offsets.Select(at => new TopicPartitionOffset(topic, at.Partition, at.Offset))])]);

    protected static async Task<OperationException> FailureOf(FailureKind kind, Func<Task> operation)
    {
        var failure = await operation.ShouldThrowAsync<OperationException>();
        failure.Kind.ShouldBe(kind, failure.Message);
        return failure;
    }
}
