using System.Diagnostics;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Garam.Messaging.Endpoints;
using Garam.Messaging.Failures;
using Garam.Messaging.Producing;
using Garam.Messaging.Tests.Brokers;

namespace Garam.Messaging.Tests.Consuming;

public abstract class NewPartitionTests(TestKafka kafka) : BrokerTests(kafka)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Partitions_that_a_topic_is_given_are_read_within_seconds_and_so_are_their_dead_letters_written()
    {
        await using var app = TestApp.Create(Kafka.BootstrapServers);
        await app.CreateTopicAsync(Topic, partitions: 1);
        app.Map(Group, Topic, void (int number) => throw new InvalidDataException("all of them")).Retry(0, Backoff.Constant(TimeSpan.Zero)).DeadLetter();
        await app.StartAsync();
        await app.ProduceAsync(Topic, 1, _ => null);
        await Eventually.Is(1, () => Outside.Committed(Kafka, Group, Topic, 1)[0]);

        using (var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = Kafka.BootstrapServers }).Build())
        {
            await admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = Topic, IncreaseTo = 3 }]);
        }

        var added = Stopwatch.GetTimestamp();
        await using (var other = TestApp.Create(Kafka.BootstrapServers))
        {
            await other.StartAsync();
            await other.Producer.ProduceAsync(ProducerRecord.Json(Topic, null, 2) with { Partition = 2 }, default);
        }

        await Eventually.Is(1, () => Outside.Committed(Kafka, Group, Topic, 3)[2]);
        Stopwatch.GetElapsedTime(added).ShouldBeLessThan(Soon);
        Outside.ReadAll(Kafka, $"{Topic}.{Group}.dlt", 3).Select(letter => letter.Partition.Value).Order().ShouldBe([0, 2]);
    }
}

public sealed class NewPartitionsOnGaram(GaramKafka kafka) : NewPartitionTests(kafka);

public sealed class NewPartitionsOnApacheKafka(ApacheKafka kafka) : NewPartitionTests(kafka);
