using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Garam.Conformance.Brokers;
using Garam.Conformance.Clients;

namespace Garam.Conformance;

/// <summary>Confluent.Kafka, the client that .NET services use.</summary>
public abstract class ConfluentTests(TestedBroker broker)
{
    private readonly string _name = $"confluent-{Guid.NewGuid():n}";

    [Fact]
    public async Task Every_record_comes_back_in_the_order_of_its_partition()
    {
        var bootstrap = await ConnectAsync(partitions: 3);
        using var producer = Librdkafka.Producer(bootstrap);
        var deliveries = await Task.WhenAll(Enumerable.Range(0, 300).Select(i =>
            producer.ProduceAsync(new TopicPartition(_name, i % 3), new Message<string, string> { Key = $"{i % 3}", Value = $"{i}" })));
        deliveries.ShouldAllBe(delivery => delivery.Status == PersistenceStatus.Persisted);

        using var consumer = Consumer(bootstrap);
        consumer.Subscribe(_name);
        var read = Librdkafka.Take(consumer, 300);

        foreach (var partition in read.GroupBy(record => record.Partition.Value))
        {
            partition.Select(record => record.Offset.Value).ShouldBe(Enumerable.Range(0, 100).Select(offset => (long)offset));
            partition.Select(record => int.Parse(record.Message.Value)).ShouldBe(Enumerable.Range(0, 100).Select(i => i * 3 + partition.Key));
        }
        consumer.Close();
    }

    [Fact]
    public async Task Null_and_empty_keys_values_and_headers_are_kept_apart()
    {
        var bootstrap = await ConnectAsync();
        using (var producer = new ProducerBuilder<byte[]?, byte[]?>(new ProducerConfig { BootstrapServers = bootstrap }).Build())
        {
            var headers = new Headers { { "null", null }, { "empty", [] }, { "twice", "1"u8.ToArray() }, { "twice", "2"u8.ToArray() } };
            await producer.ProduceAsync(_name, new Message<byte[]?, byte[]?> { Key = null, Value = null, Headers = headers });
            await producer.ProduceAsync(_name, new Message<byte[]?, byte[]?> { Key = [], Value = [] });
        }

        using var consumer = new ConsumerBuilder<byte[]?, byte[]?>(ConsumerSettings(bootstrap)).Build();
        consumer.Assign(new TopicPartitionOffset(_name, 0, 0));
        var first = consumer.Consume(TimeSpan.FromSeconds(30)).Message;
        (first.Key, first.Value).ShouldBe((null, null));
        first.Headers.Select(header => (header.Key, header.GetValueBytes()?.Length)).ShouldBe([("null", null), ("empty", 0), ("twice", 1), ("twice", 1)]);
        var second = consumer.Consume(TimeSpan.FromSeconds(30)).Message;
        second.Key.ShouldNotBeNull().ShouldBeEmpty();
        second.Value.ShouldNotBeNull().ShouldBeEmpty();
        consumer.Close();
    }

    [Fact]
    public async Task A_record_of_nearly_a_mebibyte_passes_and_a_larger_one_is_refused()
    {
        var bootstrap = await ConnectAsync();
        var settings = new ProducerConfig { BootstrapServers = bootstrap, MessageMaxBytes = 4_000_000 };
        using var producer = new ProducerBuilder<Null, byte[]>(settings).Build();

        await producer.ProduceAsync(_name, new Message<Null, byte[]> { Value = new byte[1_000_000] });
        var refused = await Should.ThrowAsync<ProduceException<Null, byte[]>>(() =>
            producer.ProduceAsync(_name, new Message<Null, byte[]> { Value = new byte[2_000_000] }));

        refused.Error.Code.ShouldBe(ErrorCode.MsgSizeTooLarge);
        using var consumer = new ConsumerBuilder<Null, byte[]>(ConsumerSettings(bootstrap)).Build();
        consumer.Assign(new TopicPartitionOffset(_name, 0, 0));
        consumer.Consume(TimeSpan.FromSeconds(30)).Message.Value.Length.ShouldBe(1_000_000);
        consumer.Close();
    }

    [Fact]
    public async Task Two_members_of_a_group_share_the_partitions_and_the_one_that_stays_gets_them_all()
    {
        var bootstrap = await ConnectAsync(partitions: 4);
        using var first = Consumer(bootstrap);
        using var second = Consumer(bootstrap);
        first.Subscribe(_name);
        second.Subscribe(_name);

        Poll(() => first.Assignment.Count == 2 && second.Assignment.Count == 2, first, second);
        first.Assignment.Concat(second.Assignment).Select(partition => partition.Partition.Value).Order().ShouldBe([0, 1, 2, 3]);

        second.Close();
        Poll(() => first.Assignment.Count == 4, first);
        first.Close();
    }

    [Fact]
    public async Task Cooperative_members_keep_what_they_have_when_another_joins()
    {
        var bootstrap = await ConnectAsync(partitions: 4);
        var revoked = new List<int>();
        var settings = ConsumerSettings(bootstrap);
        settings.PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky;
        using var first = new ConsumerBuilder<string, string>(settings)
            .SetPartitionsRevokedHandler((_, partitions) => revoked.AddRange(partitions.Select(partition => partition.Partition.Value)))
            .Build();
        using var second = new ConsumerBuilder<string, string>(settings).Build();

        first.Subscribe(_name);
        Poll(() => first.Assignment.Count == 4, first);
        second.Subscribe(_name);
        Poll(() => first.Assignment.Count == 2 && second.Assignment.Count == 2, first, second);

        revoked.Count.ShouldBe(2);
        first.Close();
        second.Close();
    }

    [Fact]
    public async Task A_static_member_that_comes_back_gets_its_partitions_without_a_rebalance()
    {
        var bootstrap = await ConnectAsync(partitions: 2);
        var settings = ConsumerSettings(bootstrap);
        settings.GroupInstanceId = "one";
        using var other = Consumer(bootstrap);
        other.Subscribe(_name);
        List<TopicPartition> before;
        using (var member = new ConsumerBuilder<string, string>(settings).Build())
        {
            member.Subscribe(_name);
            Poll(() => member.Assignment.Count == 1 && other.Assignment.Count == 1, member, other);
            before = member.Assignment;
        }

        var rebalances = 0;
        using var again = new ConsumerBuilder<string, string>(settings).SetPartitionsAssignedHandler((_, _) => rebalances++).Build();
        again.Subscribe(_name);
        Poll(() => again.Assignment.Count == 1, again, other);

        again.Assignment.ShouldBe(before);
        other.Assignment.Count.ShouldBe(1);
        rebalances.ShouldBe(1);
        again.Close();
        other.Close();
    }

    [Fact]
    public async Task Committed_offsets_and_their_metadata_are_kept()
    {
        var bootstrap = await ConnectAsync(partitions: 2);
        using var consumer = Consumer(bootstrap);
        consumer.Subscribe(_name);
        Poll(() => consumer.Assignment.Count == 2, consumer);

        consumer.Commit([new TopicPartitionOffset(_name, 0, 7)]);

        var committed = consumer.Committed([new TopicPartition(_name, 0), new TopicPartition(_name, 1)], TimeSpan.FromSeconds(30));
        committed.Select(partition => partition.Offset).ShouldBe([new Offset(7), Offset.Unset]);
        consumer.Close();
    }

    [Fact]
    public async Task An_offset_that_is_out_of_range_resets_as_the_consumer_wishes()
    {
        var bootstrap = await ConnectAsync();
        await Librdkafka.ProduceAtAsync(bootstrap, _name, 1, 2, 3);
        using var consumer = Consumer(bootstrap);

        consumer.Assign(new TopicPartitionOffset(_name, 0, 1000));

        consumer.Consume(TimeSpan.FromSeconds(30)).Offset.Value.ShouldBe(0);
        consumer.Close();
    }

    [Fact]
    public async Task Watermarks_and_offsets_of_times_are_answered()
    {
        var bootstrap = await ConnectAsync();
        await Librdkafka.ProduceAtAsync(bootstrap, _name, 1000, 2000, 3000);
        using var consumer = Consumer(bootstrap);
        var partition = new TopicPartition(_name, 0);

        var watermarks = consumer.QueryWatermarkOffsets(partition, TimeSpan.FromSeconds(30));
        (watermarks.Low.Value, watermarks.High.Value).ShouldBe((0, 3));
        OffsetAt(1500).ShouldBe(new Offset(1));
        OffsetAt(3001).ShouldBe(Offset.End);

        Offset OffsetAt(long time) => consumer.OffsetsForTimes(
            [new TopicPartitionTimestamp(partition, new Timestamp(time, TimestampType.CreateTime))], TimeSpan.FromSeconds(30)).Single().Offset;
    }

    private async Task<string> ConnectAsync(int partitions = 1)
    {
        var bootstrap = await broker.BootstrapServersAsync();
        await Librdkafka.CreateTopicAsync(bootstrap, _name, partitions);
        return bootstrap;
    }

    private IConsumer<string, string> Consumer(string bootstrap) => new ConsumerBuilder<string, string>(ConsumerSettings(bootstrap)).Build();

    private ConsumerConfig ConsumerSettings(string bootstrap) => new()
    {
        BootstrapServers = bootstrap,
        GroupId = _name,
        AutoOffsetReset = AutoOffsetReset.Earliest,
        EnableAutoCommit = false,
        HeartbeatIntervalMs = 300,   // how soon a member hears of a rebalance
    };

    /// <summary>Lets the consumers work until something is true: their rebalances happen inside these calls.</summary>
    private static void Poll(Func<bool> condition, params IConsumer<string, string>[] consumers)
    {
        var deadline = DateTime.UtcNow.AddSeconds(40);
        while (!condition())
        {
            DateTime.UtcNow.ShouldBeLessThan(deadline, "the group did not settle within 40 s");
            foreach (var consumer in consumers)
            {
                consumer.Consume(TimeSpan.FromMilliseconds(50));
            }
        }
    }
}

public sealed class ConfluentOnGaramTests(GaramBroker broker) : ConfluentTests(broker);

public sealed class ConfluentOnApacheKafkaTests(ApacheKafka broker) : ConfluentTests(broker);
