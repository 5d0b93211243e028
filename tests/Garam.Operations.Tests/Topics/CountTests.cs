using System.Text;
using Confluent.Kafka;
using Garam.Broker;
using Garam.Operations.Connections;
using Garam.Operations.Messages;
using Garam.Operations.Topics;

namespace Garam.Operations.Tests.Topics;

/// <summary>Topics of which the offsets say more than there is.</summary>
public sealed class CompactedCountTests
{
    [Fact]
    public async Task Offsets_of_a_compacted_topic_are_approximate_and_the_exact_count_reads_it()
    {
        var ct = TestContext.Current.CancellationToken;
        await using var broker = await KafkaBroker.StartAsync(new KafkaBrokerOptions { Configuration = new Dictionary<string, string> { ["log.cleaner.backoff.ms"] = "20" } }, ct);
        using var kafka = new KafkaConnection(broker.BootstrapServers);
        using var messages = new MessageOperations(kafka);
        var topics = new TopicOperations(kafka);
        await topics.CreateAsync(
            ["users"], 1, 1, new Dictionary<string, string> { ["cleanup.policy"] = "compact", ["segment.ms"] = "1", ["min.cleanable.dirty.ratio"] = "0.01" }, dryRun: false, ct);
        for (var number = 0; number < 300; number++)
            await messages.ProduceAsync(new NewRecord("users", Encoding.UTF8.GetBytes($"k{number % 7}"), Encoding.UTF8.GetBytes($"{number}")) { TimestampMs = 1 + number }, ct);

        var detail = (await topics.DescribeAsync(["users"], ct)).Single();
        detail.Gaps.HasFlag(OffsetGaps.Compaction).ShouldBeTrue();
        detail.Gaps.Why().ShouldNotBeNull().English.ShouldContain("compacted");
        detail.Partitions.Single().Records.ShouldBe(300);
        (await topics.GapsAsync(["users"], ct))["users"].ShouldBe(OffsetGaps.Compaction);
        await Eventually.Is(true, async () => await CountAsync(topics, "users", ct) is { Left: 0, Records: >= 7 and < 40 });
    }

    private static async Task<CountProgress> CountAsync(TopicOperations topics, string topic, CancellationToken ct) =>
        (await topics.CountAsync(topic, TimeSpan.FromSeconds(60), from: null, ct).ToListAsync(ct))[^1];
}

public abstract class CountTests(TestKafka kafka) : OperationsTests(kafka)
{
    private TopicOperations Topics => new(Connection);

    [Fact]
    public async Task Records_of_an_ordinary_topic_are_counted_and_their_offsets_are_no_approximation()
    {
        await CreateAsync(Topic, 2);
        await ProduceAsync(Topic, 0, 5);
        await ProduceAsync(Topic, 1, 2);
        (await Topics.DescribeAsync([Topic], Ct)).Single().Gaps.ShouldBe(OffsetGaps.None);
        var counted = (await Topics.CountAsync(Topic, TimeSpan.FromSeconds(60), from: null, Ct).ToListAsync(Ct))[^1];
        (counted.Done, counted.Records, counted.Left).ShouldBe((true, 7, 0));
        counted.Partitions.ShouldBe([new CountedPartition(0, 5, 0, 5, 5), new CountedPartition(1, 2, 0, 2, 2)]);
    }

    [Fact]
    public async Task A_count_that_is_cut_short_says_what_was_not_read()
    {
        await CreateAsync(Topic, 1);
        await ProduceAsync(Topic, 0, 5);
        var counted = (await Topics.CountAsync(Topic, TimeSpan.Zero, from: null, Ct).ToListAsync(Ct))[^1];
        (counted.Done, counted.Records, counted.Left, counted.Total).ShouldBe((true, 0, 5, 5));
    }
}

public sealed class CountOnGaram(GaramKafka kafka) : CountTests(kafka);

public sealed class CountOnApacheKafka(ApacheKafka kafka) : CountTests(kafka)
{
    [Fact]
    public async Task Markers_of_transactions_are_noticed_and_not_counted()
    {
        await CreateAsync(Topic, 1);
        using var producer = new ProducerBuilder<Null, string>(Connection.Configure(new ProducerConfig { TransactionalId = Topic })).Build();
        producer.InitTransactions(TimeSpan.FromSeconds(60));
        for (var transaction = 0; transaction < 3; transaction++)
        {
            producer.BeginTransaction();
            for (var record = 0; record < 2; record++)
                await producer.ProduceAsync(new TopicPartition(Topic, 0), new Message<Null, string> { Value = "v" }, Ct);
            producer.CommitTransaction();
        }

        var topics = new TopicOperations(Connection);
        var detail = (await topics.DescribeAsync([Topic], Ct)).Single();
        detail.Partitions.Single().Records.ShouldBe(9);
        detail.Gaps.ShouldBe(OffsetGaps.Transactions);
        (await topics.CountAsync(Topic, TimeSpan.FromSeconds(60), from: null, Ct).ToListAsync(Ct))[^1].Records.ShouldBe(6);
    }
}
