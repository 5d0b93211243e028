using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Garam.Broker.Tests.Clients;

/// <summary>librdkafka, as every client of its family uses it.</summary>
public sealed class ConfluentTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(CompressionType.None)]
    [InlineData(CompressionType.Gzip)]
    [InlineData(CompressionType.Snappy)]
    [InlineData(CompressionType.Lz4)]
    [InlineData(CompressionType.Zstd)]
    public async Task What_is_produced_is_consumed_byte_for_byte_in_order(CompressionType compression)
    {
        await using var broker = await KafkaBroker.StartAsync();
        using var producer = Compressing(broker, compression);
        var sent = Enumerable.Range(0, 2000).Select(i => new Message<byte[]?, byte[]?>
        {
            Key = i % 3 == 0 ? null : Encoding.UTF8.GetBytes($"열쇠 {i}"),
            Value = i % 7 == 0 ? null : i % 11 == 0 ? [] : Encoding.UTF8.GetBytes($"값 {i} {new string('x', i % 300)}"),
            Headers = i % 5 == 0 ? new Headers { { "empty", [] }, { "null", null }, { "머리", Encoding.UTF8.GetBytes("말") } } : null,
            Timestamp = new Timestamp(1_700_000_000_000 + i, TimestampType.CreateTime),
        }).ToArray();
        var deliveries = await Task.WhenAll(sent.Select(message => producer.ProduceAsync("orders", message))).WaitAsync(Patience);
        deliveries.Select(delivery => delivery.Offset.Value).Order().ShouldBe(Enumerable.Range(0, sent.Length).Select(i => (long)i));

        var received = Consume(broker, sent.Length);
        for (var i = 0; i < sent.Length; i++)
        {
            var message = received[i].Message;
            received[i].Offset.Value.ShouldBe(i);
            message.Key.ShouldBe(sent[i].Key);
            message.Value.ShouldBe(sent[i].Value);
            message.Timestamp.UnixTimestampMs.ShouldBe(sent[i].Timestamp.UnixTimestampMs);
            message.Headers.Select(header => (header.Key, Bytes: header.GetValueBytes() is { } bytes ? Convert.ToHexString(bytes) : "null"))
                .ShouldBe((sent[i].Headers ?? []).Select(header => (header.Key, Bytes: header.GetValueBytes() is { } bytes ? Convert.ToHexString(bytes) : "null")));
        }
    }

    [Fact]
    public async Task A_producer_rides_over_a_restart_of_the_broker()
    {
        using var directory = new TemporaryDirectory();
        var broker = await KafkaBroker.StartAsync(directory.Options);
        var options = directory.Options with { Listen = broker.BootstrapServers };
        using var producer = new ProducerBuilder<string, string>(new ProducerConfig
        {
            BootstrapServers = broker.BootstrapServers,
            EnableIdempotence = true,
            ReconnectBackoffMs = 10,
            ReconnectBackoffMaxMs = 100,
        }).SetLogHandler((_, _) => { }).SetErrorHandler((_, _) => { }).Build();
        const int each = 500;
        var first = Enumerable.Range(0, each).Select(i => producer.ProduceAsync("orders", new Message<string, string> { Key = "k", Value = $"{i}" })).ToArray();
        await first[^1].WaitAsync(Patience);
        await broker.DisposeAsync();
        var second = Enumerable.Range(each, each).Select(i => producer.ProduceAsync("orders", new Message<string, string> { Key = "k", Value = $"{i}" })).ToArray();
        broker = await KafkaBroker.StartAsync(options);
        await Task.WhenAll([.. first, .. second]).WaitAsync(Patience);
        Consume(broker, each * 2).Select(result => Encoding.UTF8.GetString(result.Message.Value!)).ShouldBe(Enumerable.Range(0, each * 2).Select(i => $"{i}"));
        await broker.DisposeAsync();
    }

    [Fact]
    public async Task An_admin_client_sees_and_changes_topics()
    {
        await using var broker = await KafkaBroker.StartAsync();
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = broker.BootstrapServers }).Build();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = "orders", NumPartitions = 3, ReplicationFactor = 1, Configs = new() { ["retention.ms"] = "-1" } }]);
        await admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = "orders", IncreaseTo = 5 }]);
        var described = await admin.DescribeTopicsAsync(TopicCollection.OfTopicNames(["orders"]));
        described.TopicDescriptions.ShouldHaveSingleItem().Partitions.Count.ShouldBe(5);
        var configs = await admin.DescribeConfigsAsync([new ConfigResource { Type = ResourceType.Topic, Name = "orders" }]);
        configs.ShouldHaveSingleItem().Entries["retention.ms"].Value.ShouldBe("-1");
        (await admin.DescribeClusterAsync()).Nodes.ShouldHaveSingleItem().Id.ShouldBe(1);
        var offsets = await admin.ListOffsetsAsync([new TopicPartitionOffsetSpec { TopicPartition = new TopicPartition("orders", 4), OffsetSpec = OffsetSpec.Latest() }]);
        offsets.ResultInfos.ShouldHaveSingleItem().TopicPartitionOffsetError.Offset.Value.ShouldBe(0);
        await admin.DeleteTopicsAsync(["orders"]);
        admin.GetMetadata(Patience).Topics.ShouldNotContain(topic => topic.Topic == "orders");
        (await Should.ThrowAsync<CreateTopicsException>(() => admin.CreateTopicsAsync([new TopicSpecification { Name = "bad name" }])))
            .Results.ShouldHaveSingleItem().Error.Code.ShouldBe(Confluent.Kafka.ErrorCode.TopicException);
    }

    private static IProducer<byte[]?, byte[]?> Compressing(KafkaBroker broker, CompressionType compression)
    {
        try
        {
            return new ProducerBuilder<byte[]?, byte[]?>(new ProducerConfig
            {
                BootstrapServers = broker.BootstrapServers,
                EnableIdempotence = true,
                CompressionType = compression,
            }).Build();
        }
        catch (ArgumentException exception) when (exception.Message.Contains("not available at build time"))
        {
            Assert.Skip($"this librdkafka was built without {compression}");
            throw;
        }
    }

    private static List<ConsumeResult<byte[]?, byte[]?>> Consume(KafkaBroker broker, int count)
    {
        using var consumer = new ConsumerBuilder<byte[]?, byte[]?>(new ConsumerConfig { BootstrapServers = broker.BootstrapServers, GroupId = "unused" }).Build();
        consumer.Assign(new TopicPartitionOffset("orders", 0, Offset.Beginning));
        var results = new List<ConsumeResult<byte[]?, byte[]?>>();
        using var patience = new CancellationTokenSource(Patience);
        while (results.Count < count) results.Add(consumer.Consume(patience.Token));
        return results;
    }
}
