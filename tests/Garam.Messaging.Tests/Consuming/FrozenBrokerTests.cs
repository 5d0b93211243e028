using System.Collections.Concurrent;
using Garam.Broker;
using Garam.Messaging.Producing;
using Garam.Messaging.Tests.Brokers;

namespace Garam.Messaging.Tests.Consuming;

/// <summary>A broker that has stopped answering and keeps its connections open.</summary>
public sealed class FrozenBrokerTests
{
    public const string Command = "--broker";

    private static readonly TimeSpan LimitOfTheHost = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_host_stops_within_its_limit_though_the_broker_does_not_answer()
    {
        var lines = new ConcurrentQueue<string>();
        using var broker = Worker.Start([Command], lines.Enqueue);
        await Eventually.Is(1, () => lines.Count);
        var handled = new ConcurrentBag<int>();
        var app = TestApp.Create(lines.Single(), options => options.CommitInterval = TimeSpan.FromMinutes(1));
        await app.CreateTopicAsync("orders", partitions: 2);
        app.Map("billing", "orders", (int number) => handled.Add(number));
        app.Map("shipping", "orders", (int number) => handled.Add(number));
        await app.StartAsync();
        await app.ProduceAsync("orders", 10, number => $"{number}");
        await Eventually.Is(20, () => handled.Count);

        broker.Sleep();
        var unanswered = app.Producer.ProduceAsync(ProducerRecord.Json("orders", "key", 1), default).AsTask();
        using var limit = new CancellationTokenSource(LimitOfTheHost);
        await app.StopAsync(limit.Token);
        await app.DisposeAsync();
        limit.IsCancellationRequested.ShouldBeFalse();
        await Should.ThrowAsync<ProduceFailedException>(unanswered);
    }

    public static async Task<int> RunAsync(string[] arguments)
    {
        await using var broker = await KafkaBroker.StartAsync();
        Console.WriteLine(broker.BootstrapServers);
        await Console.In.ReadToEndAsync();
        return arguments.Length;
    }
}
