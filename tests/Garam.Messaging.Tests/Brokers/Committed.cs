using Confluent.Kafka;
using Garam.Messaging.Native;

namespace Garam.Messaging.Tests.Brokers;

/// <summary>What a group has committed and where its partitions end, asked from the broker and not from the code under test.</summary>
public static class Committed
{
    public static IReadOnlyList<long> Offsets(string group, string topic, int partitions)
    {
        KafkaLibrary.EnsureLoaded();
        using var consumer = Client(group);
        return [.. consumer.Committed(Partitions(topic, partitions), TimeSpan.FromSeconds(10)).Select(found => found.Offset.Value)];
    }

    public static IReadOnlyList<long> Ends(string topic, int partitions)
    {
        using var consumer = Client("nobody");
        return [.. Partitions(topic, partitions).Select(partition => consumer.QueryWatermarkOffsets(partition, TimeSpan.FromSeconds(10)).High.Value)];
    }

    public static IReadOnlyList<ConsumeResult<byte[]?, byte[]?>> ReadAll(string topic, int partitions)
    {
        using var consumer = Client("nobody");
        var left = Partitions(topic, partitions).Zip(Ends(topic, partitions)).Where(pair => pair.Second > 0).ToDictionary();
        consumer.Assign(left.Keys.Select(partition => new TopicPartitionOffset(partition, Offset.Beginning)));
        var records = new List<ConsumeResult<byte[]?, byte[]?>>();
        while (left.Count > 0)
        {
            var result = consumer.Consume(TimeSpan.FromSeconds(30)) ?? throw new TimeoutException($"{topic}: no record within 30 s, {left.Count} partitions are not at their end");
            records.Add(result);
            if (left[result.TopicPartition] == result.Offset + 1)
            {
                left.Remove(result.TopicPartition);
            }
        }

        return records;
    }

    private static IConsumer<byte[]?, byte[]?> Client(string group) => new ConsumerBuilder<byte[]?, byte[]?>(new ConsumerConfig
    {
        BootstrapServers = TestKafka.BootstrapServers,
        GroupId = group,
        EnableAutoCommit = false,
    }).Build();

    private static List<TopicPartition> Partitions(string topic, int count) =>
        [.. Enumerable.Range(0, count).Select(partition => new TopicPartition(topic, partition))];
}
