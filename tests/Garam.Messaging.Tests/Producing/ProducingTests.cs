using System.Text;
using Garam.Messaging.Producing;
using Garam.Messaging.Tests.Brokers;
using Garam.Messaging.Topics;
using Microsoft.Extensions.DependencyInjection;

namespace Garam.Messaging.Tests.Producing;

public abstract class ProducingTests(TestKafka kafka) : BrokerTests(kafka)
{
    [Fact]
    public async Task Records_of_one_partition_are_written_in_the_order_of_the_calls_though_the_room_is_small()
    {
        await using var app = TestApp.Create(Kafka.BootstrapServers, options => options.MaxUnacknowledgedBytes = 2_048);
        await app.CreateTopicAsync(Topic, partitions: 1);

        var positions = await app.ProduceAsync(Topic, 1_000, _ => "key");

        positions.Select(position => position.Offset).ShouldBe(Enumerable.Range(0, 1_000).Select(number => (long)number));
        Outside.ReadAll(Kafka, Topic, 1).Select(record => int.Parse(Encoding.UTF8.GetString(record.Message.Value!))).ShouldBe(Enumerable.Range(0, 1_000));
    }

    [Fact]
    public async Task Key_value_headers_partition_and_time_arrive_as_given_and_null_is_not_empty()
    {
        await using var app = TestApp.Create(Kafka.BootstrapServers);
        await app.CreateTopicAsync(Topic, partitions: 3);
        var time = new DateTimeOffset(2020, 2, 3, 4, 5, 6, 789, TimeSpan.Zero);
        await app.Producer.ProduceAsync(
            new ProducerRecord(Topic, null, null) { Partition = 2, Timestamp = time, Headers = [new("h", null), new("h", Array.Empty<byte>()), RecordHeader.Text("강", "江")] }, default);
        await app.Producer.ProduceAsync(new ProducerRecord(Topic, Array.Empty<byte>(), "x"u8.ToArray()) { Partition = 2 }, default);

        var records = Outside.ReadAll(Kafka, Topic, 3);

        records.ShouldAllBe(record => record.Partition.Value == 2);
        var (first, second) = (records[0].Message, records[1].Message);
        (first.Key, first.Value).ShouldBe((null, null));
        first.Timestamp.UtcDateTime.ShouldBe(time.UtcDateTime);
        first.Headers.Select(header => (header.Key, header.GetValueBytes()?.Length)).ShouldBe([("h", null), ("h", 0), ("강", 3)]);
        second.Key.ShouldBe([]);
        second.Value.ShouldBe("x"u8.ToArray());
    }

    [Fact]
    public async Task A_record_larger_than_the_broker_takes_fails_as_the_records_own_trouble()
    {
        await using var app = TestApp.Create(Kafka.BootstrapServers);
        await app.CreateTopicAsync(Topic, partitions: 1);

        var failure = await Should.ThrowAsync<ProduceFailedException>(async () =>
            await app.Producer.ProduceAsync(new ProducerRecord(Topic, null, new byte[2_000_000]), default));

        failure.IsTransient.ShouldBeFalse();
        failure.Topic.ShouldBe(Topic);
    }

    [Fact]
    public async Task Topics_are_created_with_their_configs_and_ensured_again_without_complaint()
    {
        await using var app = TestApp.Create(Kafka.BootstrapServers, options => options.NewTopicConfig["retention.ms"] = "-1");
        var admin = app.Services.GetRequiredService<TopicAdmin>();

        await admin.EnsureTopicsAsync([new TopicDefinition(Topic, 3, new Dictionary<string, string> { ["segment.bytes"] = "1048576" })], default);
        await admin.EnsureTopicsAsync([new TopicDefinition(Topic, 3)], default);

        (await admin.PartitionCountsAsync([Topic, "absent"], default)).ShouldBe(new Dictionary<string, int> { [Topic] = 3 });
        await admin.EnsurePartitionsAsync(Topic, 5, default);
        await Eventually.Is(5, async () => (await admin.PartitionCountsAsync([Topic], default))[Topic]);
    }

    [Fact]
    public async Task A_topic_that_the_cluster_refuses_is_not_trouble_that_passes()
    {
        await using var app = TestApp.Create(Kafka.BootstrapServers);
        var refused = await Should.ThrowAsync<TopicAdminException>(() => app.Services.GetRequiredService<ITopicAdmin>()
            .EnsureTopicsAsync([new TopicDefinition(Topic, 1, new Dictionary<string, string> { ["cleanup.policy"] = "nonsense" })], default));
        refused.IsTransient.ShouldBeFalse();
    }
}

public sealed class ProducingOnGaram(GaramKafka kafka) : ProducingTests(kafka);

public sealed class ProducingOnApacheKafka(ApacheKafka kafka) : ProducingTests(kafka);
