using System.Collections.Concurrent;
using System.Diagnostics;
using Garam.Broker;
using Garam.Messaging.Health;
using Garam.Messaging.Tests.Brokers;

namespace Garam.Messaging.Tests.Consuming;

public sealed class BrokerAwayTests : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("garam-messaging-tests-");

    public void Dispose() => _data.Delete(recursive: true);

    [Fact]
    public async Task A_process_stops_in_time_though_its_broker_has_gone()
    {
        var broker = await KafkaBroker.StartAsync();
        var handled = new ConcurrentBag<int>();
        var app = TestApp.Create(broker.BootstrapServers, options => options.DrainTimeout = TimeSpan.FromSeconds(1));
        await app.CreateTopicAsync("orders", partitions: 1);
        app.Map("billing", "orders", (int number) => handled.Add(number));
        await app.StartAsync();
        await app.ProduceAsync("orders", 10, _ => "key");
        await Eventually.Is(10, () => handled.Count);
        await broker.DisposeAsync();

        var started = Stopwatch.GetTimestamp();
        await app.DisposeAsync();
        Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task Consumers_and_producer_go_on_when_the_broker_is_back()
    {
        var handled = new ConcurrentBag<int>();
        await using var first = await StartBrokerAsync("127.0.0.1:0");
        await using var app = TestApp.Create(first.BootstrapServers);
        await app.CreateTopicAsync("orders", partitions: 2);
        app.Map("billing", "orders", (int number) => handled.Add(number));
        await app.StartAsync();
        await app.ProduceAsync("orders", 100, number => $"{number}");
        await Eventually.Is(100, () => handled.Distinct().Count());
        await first.DisposeAsync();

        var producing = app.ProduceAsync("orders", 100, number => $"{number}");
        await using var second = await StartBrokerAsync(first.BootstrapServers);
        await producing;
        await Eventually.True(() => handled.Count >= 200);
        app.Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_group_whose_broker_is_not_there_yet_says_so_and_starts_when_it_is()
    {
        string servers;
        await using (var broker = await StartBrokerAsync("127.0.0.1:0"))
        {
            servers = broker.BootstrapServers;
        }

        var handled = new ConcurrentBag<int>();
        await using var app = TestApp.Create(servers);
        app.Map("billing", "orders", (int number) => handled.Add(number));
        await app.StartAsync();
        await Eventually.True(() => app.Problems.Any(problem => problem is { Severity: ProblemSeverity.Degraded, Group: "billing" }));

        await using var late = await StartBrokerAsync(servers);
        await app.CreateTopicAsync("orders", partitions: 1);
        await app.ProduceAsync("orders", 1, _ => "key");
        await Eventually.Is(1, () => handled.Count);
        app.Problems.ShouldBeEmpty();
    }

    private Task<KafkaBroker> StartBrokerAsync(string listen) => KafkaBroker.StartAsync(new KafkaBrokerOptions { Listen = listen, DataDirectory = _data.FullName });
}
