using Garam.Messaging.Producing;
using Garam.Messaging.Tests.Brokers;

namespace Garam.Messaging.Tests.Consuming;

public abstract class CrashTests(TestKafka kafka, ITestOutputHelper output) : BrokerTests(kafka)
{
    private const int Partitions = 4;
    private const int Keys = 20;
    private const int RecordsPerKey = 250;

    private readonly KeyOrderOracle _oracle = new();

    [Fact]
    public async Task A_worker_that_is_killed_under_load_loses_nothing_and_skips_nothing()
    {
        await using var app = TestApp.Create(Kafka.BootstrapServers);
        await app.CreateTopicAsync(Topic, Partitions);
        var load = ProduceLoadAsync(app);

        var inFlight = 0;
        foreach (var atLeast in (int[])[500, 1_500, 3_000])
        {
            using var victim = Start("the-only-one");
            await Eventually.True(() => _oracle.Done >= atLeast && _oracle.Running > 0);
            await victim.KillAsync();
            inFlight += _oracle.Running;
            output.WriteLine($"killed: {_oracle.Done} records done, {_oracle.Running} in flight");
            _oracle.Crash();
        }

        using var last = Start("the-only-one");
        await load;
        await Eventually.Is(Keys * RecordsPerKey, () => _oracle.Done);
        await last.StopAsync();

        output.WriteLine($"{Keys * RecordsPerKey} records, {_oracle.Repeated} handled more than once");
        inFlight.ShouldBeGreaterThan(0, "the kills hit nobody");
        _oracle.Skips.ShouldBeEmpty();
        _oracle.Overlaps.ShouldBeEmpty();
        Outside.Committed(Kafka, Group, Topic, Partitions).ShouldBe(Outside.Ends(Kafka, Topic, Partitions));
    }

    [Fact]
    public async Task A_worker_that_sleeps_past_its_session_cannot_commit_over_its_successor()
    {
        await using var app = TestApp.Create(Kafka.BootstrapServers);
        await app.CreateTopicAsync(Topic, Partitions);
        var load = ProduceLoadAsync(app);

        using var sleeper = Start("sleeper");
        await Eventually.True(() => _oracle.Done >= 500 && _oracle.Running > 0);
        sleeper.Sleep();
        output.WriteLine($"asleep: {_oracle.Done} records done, {_oracle.Running} in flight");
        using var successor = Start("successor");
        await load;
        await Eventually.Is(Keys * RecordsPerKey, () => _oracle.Done);
        await successor.StopAsync();
        var ends = Outside.Ends(Kafka, Topic, Partitions);
        Outside.Committed(Kafka, Group, Topic, Partitions).ShouldBe(ends);

        var handledAgain = _oracle.Repeated;
        sleeper.Wake();
        await Eventually.Is(true, async () => (await Outside.OwnersAsync(Kafka, Group)).Contains("sleeper"));
        await sleeper.StopAsync();
        output.WriteLine($"awake: {_oracle.Repeated - handledAgain} records handled again");
        _oracle.Skips.ShouldBeEmpty();
        Outside.Committed(Kafka, Group, Topic, Partitions).ShouldBe(ends);
    }

    private Worker Start(string instance) => Worker.Start(Kafka, Group, Topic, instance, line =>
    {
        var (what, key, number) = line.Split(' ') is [var first, var second, var third] ? (first, second, int.Parse(third)) : throw new FormatException(line);
        if (what == "begin")
        {
            _oracle.Begin(key, number);
        }
        else
        {
            _oracle.End(key, number);
        }
    });

    private async Task ProduceLoadAsync(TestApp app)
    {
        for (var number = 0; number < RecordsPerKey; number++)
        {
            await Task.WhenAll(Enumerable.Range(0, Keys).Select(key => app.Producer.ProduceAsync(ProducerRecord.Json(Topic, $"key-{key}", number), default).AsTask()));
        }
    }
}

public sealed class CrashOnGaram(GaramKafka kafka, ITestOutputHelper output) : CrashTests(kafka, output);

public sealed class CrashOnApacheKafka(ApacheKafka kafka, ITestOutputHelper output) : CrashTests(kafka, output);
