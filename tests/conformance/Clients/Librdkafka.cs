using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Garam.Conformance.Clients;

/// <summary>Confluent.Kafka, and what the tests of all clients need of it.</summary>
internal static class Librdkafka
{
    public static IAdminClient Admin(string bootstrapServers) =>
        new AdminClientBuilder(new AdminClientConfig { BootstrapServers = bootstrapServers }).Build();

    public static IProducer<string, string> Producer(string bootstrapServers) => new ProducerBuilder<string, string>(new ProducerConfig
    {
        BootstrapServers = bootstrapServers,
        EnableIdempotence = true,
        LingerMs = 0,
    }).Build();

    public static async Task CreateTopicAsync(string bootstrapServers, string topic, int partitions = 1, Dictionary<string, string>? configs = null)
    {
        // Some tests give their records times of 1970: none must expire.
        configs = new(configs ?? []) { ["retention.ms"] = "-1" };
        using var admin = Admin(bootstrapServers);
        await admin.CreateTopicsAsync([new TopicSpecification { Name = topic, NumPartitions = partitions, ReplicationFactor = 1, Configs = configs }]);
    }

    /// <summary>Produces records with keys 0, 1, 2 and so on, at times that the test chooses (milliseconds since 1970).</summary>
    public static async Task ProduceAtAsync(string bootstrapServers, string topic, params long[] times)
    {
        using var producer = Producer(bootstrapServers);
        for (var i = 0; i < times.Length; i++)
        {
            var message = new Message<string, string> { Key = $"{i}", Value = $"v{i}", Timestamp = new Timestamp(times[i], TimestampType.CreateTime) };
            await producer.ProduceAsync(new TopicPartition(topic, 0), message);
        }
    }

    /// <summary>Reads until the group's consumer has seen <paramref name="count"/> records.</summary>
    public static List<ConsumeResult<string, string>> Take(IConsumer<string, string> consumer, int count)
    {
        var results = new List<ConsumeResult<string, string>>();
        var deadline = DateTime.UtcNow.AddSeconds(30);
        while (results.Count < count)
        {
            DateTime.UtcNow.ShouldBeLessThan(deadline, $"{results.Count} of {count} records came within 30 s");
            if (consumer.Consume(TimeSpan.FromMilliseconds(100)) is { } result)
            {
                results.Add(result);
            }
        }
        return results;
    }
}
