using Garam.Messaging.Producing;
using Garam.Messaging.Tests.Brokers;
using Garam.Messaging.Topics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Garam.Messaging.Tests.Producing;

public sealed class ProducingTests
{
    [Fact]
    public async Task Records_of_one_partition_are_written_in_the_order_of_the_calls_though_the_room_is_small()
    {
        await using var app = TestApp.Create(options => options.MaxUnacknowledgedBytes = 2_048);
        var topic = TestKafka.NewName("order");
        await app.Services.GetRequiredService<ITopicAdmin>().EnsureTopicsAsync([new TopicDefinition(topic, 1)], default);
        var producer = app.Services.GetRequiredService<IRecordProducer>();

        var deliveries = Enumerable.Range(0, 1_000).Select(n => producer.ProduceAsync(ProducerRecord.Json(topic, "key", n), default).AsTask()).ToList();
        var positions = await Task.WhenAll(deliveries);

        positions.Select(position => position.Offset).ShouldBe(Enumerable.Range(0, 1_000).Select(n => (long)n));
    }

    [Fact]
    public async Task A_record_larger_than_the_broker_takes_fails_as_the_records_own_trouble()
    {
        await using var app = TestApp.Create();
        var topic = TestKafka.NewName("large");
        await app.Services.GetRequiredService<ITopicAdmin>().EnsureTopicsAsync([new TopicDefinition(topic, 1)], default);

        var failure = await Should.ThrowAsync<ProduceFailedException>(async () =>
            await app.Services.GetRequiredService<IRecordProducer>().ProduceAsync(new ProducerRecord(topic, null, new byte[2_000_000]), default));

        failure.IsTransient.ShouldBeFalse();
        failure.Topic.ShouldBe(topic);
    }

    [Fact]
    public async Task Topics_are_created_once_and_ensured_again_without_complaint()
    {
        await using var app = TestApp.Create();
        var admin = app.Services.GetRequiredService<TopicAdmin>();
        var topic = TestKafka.NewName("ensured");

        await admin.EnsureTopicsAsync([new TopicDefinition(topic, 3, new Dictionary<string, string> { ["retention.ms"] = "-1" })], default);
        await admin.EnsureTopicsAsync([new TopicDefinition(topic, 3)], default);

        (await admin.PartitionCountsAsync([topic, "absent"], default)).ShouldBe(new Dictionary<string, int> { [topic] = 3 });
        await admin.EnsurePartitionsAsync(topic, 5, default);
        await Eventually.Is(5, async () => (await admin.PartitionCountsAsync([topic], default))[topic]);
    }
}
