using System.Text;
using Confluent.Kafka;
using Garam.Broker;
using Garam.Messaging.Producing;
using Garam.Operations.Connections;
using Garam.Operations.Messages;
using Garam.Operations.Topics;

namespace Garam.Operations.Tests.Messages;

/// <summary>The journey of a record in the middle of more records than are searched, on a broker of its own.</summary>
public sealed class JourneyBurstTests
{
    private const int Burst = 200_000;

    private static readonly long Now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
    private static readonly RecordHeader Trace = RecordHeader.Text("traceparent", $"00-{Guid.NewGuid():N}-00f067aa0ba902b7-01");

    [Fact]
    public async Task A_search_near_a_burst_finds_what_is_near_the_record_and_says_what_was_not_searched()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var broker = await KafkaBroker.StartAsync(cancellationToken: ct);
        using var kafka = new KafkaConnection(broker.BootstrapServers);
        using var messages = new MessageOperations(kafka);
        await new TopicOperations(kafka).CreateAsync(["first", "next"], 1, 1, new Dictionary<string, string>(), dryRun: false, ct);

        // Twice as many records as are searched, all within the minute around the record.
        Produce(kafka, from: Now - 30_000, until: Now - 10, ct);
        var before = await WriteAsync(messages, "next", Now - 5, ct);
        var record = await WriteAsync(messages, "first", Now, ct);
        var after = await WriteAsync(messages, "next", Now + 5, ct);
        Produce(kafka, from: Now + 10, until: Now + 30_000, ct);

        var steps = await messages.JourneyAsync((await messages.ReadAsync(record.Topic, 0, record.Offset, ct))!, ct).ToListAsync(ct);
        steps.OfType<JourneyStep.Found>().Select(found => found.Record.Place).ShouldBe([after, before]);
        var looked = steps[^1].ShouldBeOfType<JourneyStep.Looked>();
        (looked.Complete, looked.Limit).ShouldBe((false, JourneyLimit.Records));
        looked.NotSearched.ShouldBeGreaterThan(Burst / 2);
        looked.From.ShouldNotBeNull().ShouldBeLessThanOrEqualTo(DateTimeOffset.FromUnixTimeMilliseconds(Now));
        looked.Until.ShouldNotBeNull().ShouldBeGreaterThanOrEqualTo(DateTimeOffset.FromUnixTimeMilliseconds(Now));
        looked.Summary.English.ShouldContain("not searched (the limit of 200,000 records was reached)");
    }

    private static Task<StoredPlace> WriteAsync(MessageOperations messages, string topic, long at, CancellationToken ct) =>
        messages.ProduceAsync(new NewRecord(topic, null, Encoding.UTF8.GetBytes("v")) { Partition = 0, TimestampMs = at, Headers = [Trace] }, ct);

    private static void Produce(KafkaConnection kafka, long from, long until, CancellationToken ct)
    {
        using var producer = new ProducerBuilder<Null, byte[]>(kafka.Configure(new ProducerConfig { LingerMs = 20, QueueBufferingMaxMessages = 1_000_000 })).Build();
        for (var number = 0; number < Burst; number++)
            producer.Produce("next", new Message<Null, byte[]> { Value = [1], Timestamp = new Timestamp(from + ((until - from) * number / Burst), TimestampType.CreateTime) });
        producer.Flush(ct);
    }
}
