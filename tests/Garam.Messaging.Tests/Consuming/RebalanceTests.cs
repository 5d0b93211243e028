using Garam.Messaging.Endpoints;
using Garam.Messaging.Failures;
using Garam.Messaging.Producing;
using Garam.Messaging.Tests.Brokers;

namespace Garam.Messaging.Tests.Consuming;

public abstract class RebalanceTests(TestKafka kafka, ITestOutputHelper output) : BrokerTests(kafka)
{
    private const int Partitions = 6;
    private const int Keys = 40;
    private const int RecordsPerKey = 250;

    private readonly KeyOrderOracle _oracle = new();

    [Fact]
    public async Task Members_come_and_go_under_load_and_every_key_is_handled_in_order_with_nothing_lost()
    {
        await using var producing = TestApp.Create(Kafka.BootstrapServers);
        await producing.CreateTopicAsync(Topic, Partitions);
        await using var first = await JoinAsync();
        var load = Task.Run(() => ProduceLoadAsync(producing));

        await Done(atLeast: 500);
        var second = await JoinAsync();
        await Done(atLeast: 2_000);
        var third = await JoinAsync();
        await Eventually.Is(3, () => Outside.MembersAsync(Kafka, Group));
        await Done(atLeast: 4_000);
        await second.DisposeAsync();
        await Done(atLeast: 6_000);
        await using var fourth = await JoinAsync();
        await third.DisposeAsync();
        await load;
        await Done(atLeast: Keys * RecordsPerKey);

        output.WriteLine($"{Keys * RecordsPerKey} records, {_oracle.Repeated} handled more than once");
        _oracle.Skips.ShouldBeEmpty();
        _oracle.Overlaps.ShouldBeEmpty();
        await Eventually.True(() => Outside.Committed(Kafka, Group, Topic, Partitions).SequenceEqual(Outside.Ends(Kafka, Topic, Partitions)));
    }

    private async Task<TestApp> JoinAsync()
    {
        var app = TestApp.Create(Kafka.BootstrapServers, options => options.MaxInFlight = 100);
        app.Map(Group, Topic, HandleAsync).WithConcurrency(4).Retry(5, Backoff.Constant(TimeSpan.FromMilliseconds(5)));
        await app.StartAsync();
        return app;
    }

    /// <summary>Takes some time, and fails now and then, so that a rebalance finds records that run, wait, and are retried.</summary>
    private async Task HandleAsync(int number, [FromKey] string key, RecordContext record)
    {
        _oracle.Begin(key, number);
        var success = false;
        try
        {
            for (var pause = 0; pause < number % 50; pause++)
            {
                await Task.Yield();
            }

            success = number % 97 != 3 || record.Attempt > 1 ? true : throw new InvalidDataException("now and then");
        }
        finally
        {
            _oracle.End(key, number, success);
        }
    }

    private async Task ProduceLoadAsync(TestApp app)
    {
        for (var number = 0; number < RecordsPerKey; number++)
        {
            await Task.WhenAll(Enumerable.Range(0, Keys).Select(key =>
                app.Producer.ProduceAsync(ProducerRecord.Json(Topic, $"key-{key}", number), default).AsTask()));
        }
    }

    private Task Done(int atLeast) => Eventually.True(() => _oracle.Done >= atLeast);
}

public sealed class RebalanceOnGaram(GaramKafka kafka, ITestOutputHelper output) : RebalanceTests(kafka, output);

public sealed class RebalanceOnApacheKafka(ApacheKafka kafka, ITestOutputHelper output) : RebalanceTests(kafka, output);
