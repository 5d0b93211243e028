using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Garam.Messaging.Tests.Brokers;

/// <summary>What the broker says about topics and groups, asked by a plain client and not through the code under test.</summary>
public static class Outside
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static IReadOnlyList<long> Committed(TestKafka kafka, string group, string topic, int partitions)
    {
        using var consumer = Client(kafka, group);
        return [.. consumer.Committed(Partitions(topic, partitions), Patience).Select(found => found.Offset.Value)];
    }

    public static IReadOnlyList<long> Ends(TestKafka kafka, string topic, int partitions)
    {
        using var consumer = Client(kafka, "nobody");
        return [.. Partitions(topic, partitions).Select(partition => consumer.QueryWatermarkOffsets(partition, Patience).High.Value)];
    }

    public static IReadOnlyList<ConsumeResult<byte[]?, byte[]?>> ReadAll(TestKafka kafka, string topic, int partitions)
    {
        using var consumer = Client(kafka, "nobody");
        var left = Partitions(topic, partitions).Zip(Ends(kafka, topic, partitions)).Where(pair => pair.Second > 0).ToDictionary();
        consumer.Assign(left.Keys.Select(partition => new TopicPartitionOffset(partition, Offset.Beginning)));
        var records = new List<ConsumeResult<byte[]?, byte[]?>>();
        while (left.Count > 0)
        {
            var result = consumer.Consume(Patience) ?? throw new TimeoutException($"{topic}: no record in {Patience}, {left.Count} partitions are not at their end");
            records.Add(result);
            if (left[result.TopicPartition] == result.Offset + 1)
            {
                left.Remove(result.TopicPartition);
            }
        }

        return records;
    }

    public static async Task<IReadOnlyDictionary<string, string>> ConfigsAsync(TestKafka kafka, string topic)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = kafka.BootstrapServers }).Build();
        var described = await admin.DescribeConfigsAsync([new ConfigResource { Type = ResourceType.Topic, Name = topic }]);
        return described[0].Entries.ToDictionary(entry => entry.Key, entry => entry.Value.Value);
    }

    public static async Task<int> MembersAsync(TestKafka kafka, string group) => (await DescribeAsync(kafka, group)).Count;

    /// <summary>Static members (by instance id) that own partitions.</summary>
    public static async Task<IReadOnlyList<string>> OwnersAsync(TestKafka kafka, string group) =>
        [.. (await DescribeAsync(kafka, group)).Where(member => member.Assignment.TopicPartitions.Count > 0).Select(member => member.GroupInstanceId)];

    private static async Task<List<MemberDescription>> DescribeAsync(TestKafka kafka, string group)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = kafka.BootstrapServers }).Build();
        var described = await admin.DescribeConsumerGroupsAsync([group], new DescribeConsumerGroupsOptions { RequestTimeout = Patience });
        return described.ConsumerGroupDescriptions[0].Members;
    }

    private static IConsumer<byte[]?, byte[]?> Client(TestKafka kafka, string group)
    {
        return new ConsumerBuilder<byte[]?, byte[]?>(new ConsumerConfig
        {
            BootstrapServers = kafka.BootstrapServers,
            GroupId = group,
            EnableAutoCommit = false,
        }).Build();
    }

    private static List<TopicPartition> Partitions(string topic, int count) =>
        [.. Enumerable.Range(0, count).Select(partition => new TopicPartition(topic, partition))];
}
