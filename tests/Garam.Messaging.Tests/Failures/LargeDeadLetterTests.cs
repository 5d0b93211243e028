using System.Text;
using Confluent.Kafka;
using Garam.Messaging.Endpoints;
using Garam.Messaging.Failures;
using Garam.Messaging.Health;
using Garam.Messaging.Producing;
using Garam.Messaging.Tests.Brokers;
using Garam.Messaging.Topics;
using Microsoft.Extensions.DependencyInjection;

namespace Garam.Messaging.Tests.Failures;

public abstract class LargeDeadLetterTests(TestKafka kafka) : BrokerTests(kafka)
{
    private string Letters => $"{Topic}.{Group}.dlt";

    [Fact]
    public async Task A_record_that_its_producer_compressed_is_dead_lettered_whole()
    {
        var value = string.Concat(Enumerable.Repeat("가나다라마바사 ", 150_000));
        await using var app = await GiveUpAsync("the large one", async () =>
        {
            using var producer = new ProducerBuilder<string, string>(new ProducerConfig
            {
                BootstrapServers = Kafka.BootstrapServers,
                CompressionType = CompressionType.Gzip,
                MessageMaxBytes = 10_000_000,
            }).Build();
            await producer.ProduceAsync(Topic, new Message<string, string> { Key = "key", Value = value });
        });

        Encoding.UTF8.GetString(Outside.ReadAll(Kafka, Letters, 1).ShouldHaveSingleItem().Message.Value!).ShouldBe(value);
        app.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_dead_letter_topic_that_others_made_too_small_is_given_more_room()
    {
        var value = new byte[50_000];
        new Random(7).NextBytes(value);
        await using var app = await GiveUpAsync("any", async () =>
        {
            using var producer = new ProducerBuilder<string, byte[]>(new ProducerConfig { BootstrapServers = Kafka.BootstrapServers }).Build();
            await producer.ProduceAsync(Topic, new Message<string, byte[]> { Key = "key", Value = value });
        }, maxLetterBytes: 2_000);

        Outside.ReadAll(Kafka, Letters, 1).ShouldHaveSingleItem().Message.Value.ShouldBe(value);
        int.Parse((await Outside.ConfigsAsync(Kafka, Letters))["max.message.bytes"]).ShouldBeGreaterThan(50_000);
    }

    [Fact]
    public async Task A_record_that_does_not_fit_at_all_leaves_a_letter_that_says_where_it_is()
    {
        await using var app = TestApp.Create(Kafka.BootstrapServers);
        await app.Services.GetRequiredService<ITopicAdmin>().EnsureTopicsAsync(
            [new TopicDefinition(Letters, 1, new Dictionary<string, string> { ["max.message.bytes"] = "100000000" })], default);
        var small = new SmallProducer();
        var endpoint = new TopicGroup(Group).MapTopic(Topic, (string value) => { }).DeadLetter();
        var record = new RecordContext { Group = Group, Topic = Topic, Partition = 0, Offset = 42, Key = "key"u8.ToArray(), Value = new byte[100_000], Headers = [RecordHeader.Text("tenant", "seoul")] };
        await new DeadLetters(small, app.Services.GetRequiredService<TopicAdmin>(), TimeProvider.System).WriteAsync(endpoint, record, new FormatException("bad"), default);

        var letter = small.Taken.ShouldHaveSingleItem();
        letter.Value.ShouldBeNull();
        letter.Key!.Value.ToArray().ShouldBe("key"u8.ToArray());
        var headers = letter.Headers.ToDictionary(header => header.Name, header => header.AsText());
        headers["tenant"].ShouldBe("seoul");
        headers[DeadLetterHeaders.Offset].ShouldBe("42");
        headers[DeadLetterHeaders.Omitted].ShouldBe("100014");
    }

    /// <summary>Handles what <paramref name="produce"/> writes with a handler that fails, until its letter is written.</summary>
    private async Task<TestApp> GiveUpAsync(string reason, Func<Task> produce, int? maxLetterBytes = null)
    {
        var app = TestApp.Create(Kafka.BootstrapServers);
        await app.CreateTopicAsync(Topic, partitions: 1);
        if (maxLetterBytes is { } bytes)
        {
            await app.Services.GetRequiredService<ITopicAdmin>().EnsureTopicsAsync(
                [new TopicDefinition(Letters, 1, new Dictionary<string, string> { ["max.message.bytes"] = $"{bytes}" })], default);
        }

        app.Map(Group, Topic, void (ReadOnlyMemory<byte> value) => throw new FormatException(reason)).Unless<FormatException>().DeadLetter();
        await app.StartAsync();
        await produce();
        await Eventually.Is(1, () => app.Services.GetRequiredService<EndpointStates>().All()[0].DeadLettered);
        return app;
    }

    /// <summary>Refuses what is large, as a broker does.</summary>
    private sealed class SmallProducer : IRecordProducer
    {
        public List<ProducerRecord> Taken { get; } = [];

        public ValueTask<RecordPosition> ProduceAsync(ProducerRecord record, CancellationToken cancellationToken)
        {
            if (record.Value?.Length > 50_000)
            {
                return ValueTask.FromException<RecordPosition>(new ProduceFailedException(record.Topic, nameof(ErrorCode.MsgSizeTooLarge), "too large", isTransient: false));
            }

            Taken.Add(record);
            return ValueTask.FromResult(new RecordPosition(record.Topic, 0, 0));
        }
    }
}

public sealed class LargeDeadLettersOnGaram(GaramKafka kafka) : LargeDeadLetterTests(kafka);

public sealed class LargeDeadLettersOnApacheKafka(ApacheKafka kafka) : LargeDeadLetterTests(kafka);
