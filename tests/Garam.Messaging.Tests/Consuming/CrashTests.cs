using Garam.Messaging.Producing;
using Garam.Messaging.Tests.Brokers;

namespace Garam.Messaging.Tests.Consuming;

public abstract class CrashTests(TestKafka kafka, ITestOutputHelper output) : BrokerTests(kafka)
{
    private const int Partitions = 4;
    private const int Keys = 20;
    private const int RecordsPerKey = 500;

    private readonly Dictionary<string, (int Begun, int Ended)> _keys = [];
    private readonly List<string> _violations = [];
    private int _repeated;

    [Fact]
    public async Task A_worker_that_is_killed_under_load_loses_nothing_and_skips_nothing()
    {
        await using var app = TestApp.Create(Kafka.BootstrapServers);
        await app.CreateTopicAsync(Topic, Partitions);
        var load = ProduceLoadAsync(app);

        foreach (var atLeast in (int[])[1_000, 3_000, 5_000])
        {
            using var victim = Start();
            await Eventually.True(() => Ended() >= atLeast);
            await victim.KillAsync();
            output.WriteLine($"killed at {Ended()} records done, {InFlight()} in flight, {load.IsCompleted switch { true => "the load was over", _ => "under load" }}");
        }

        using var last = Start();
        await load;
        await Eventually.Is(Keys * RecordsPerKey, Ended);
        await last.StopAsync();

        output.WriteLine($"{Keys * RecordsPerKey} records, {_repeated} handled more than once");
        _violations.ShouldBeEmpty();
        Outside.Committed(Kafka, Group, Topic, Partitions).ShouldBe(Outside.Ends(Kafka, Topic, Partitions));
    }

    private Worker Start()
    {
        lock (_keys)
        {
            // What ran in the process before has ended with it.
            foreach (var key in _keys.Keys)
            {
                _keys[key] = (0, _keys[key].Ended);
            }
        }

        return Worker.Start(Kafka, Group, Topic, "the-only-one", Note);
    }

    private void Note(string line)
    {
        var (what, key, number) = line.Split(' ') is [var first, var second, var third] ? (first, second, int.Parse(third)) : throw new FormatException(line);
        lock (_keys)
        {
            var (begun, ended) = _keys.GetValueOrDefault(key);
            if (what == "end")
            {
                _repeated += number < ended ? 1 : 0;
                _keys[key] = (begun - 1, Math.Max(ended, number + 1));
                return;
            }

            if (number > ended || begun > 0)
            {
                _violations.Add($"{key}: {number} began with {ended} done and {begun} running");
            }

            _keys[key] = (begun + 1, ended);
        }
    }

    private int Ended()
    {
        lock (_keys)
        {
            return _keys.Values.Sum(key => key.Ended);
        }
    }

    private int InFlight()
    {
        lock (_keys)
        {
            return _keys.Values.Sum(key => key.Begun);
        }
    }

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
