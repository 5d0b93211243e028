using System.Collections.Concurrent;
using Garam.Messaging.Endpoints;
using Garam.Messaging.Producing;
using Garam.Messaging.Tests.Brokers;
using Garam.Messaging.Topics;
using Microsoft.Extensions.DependencyInjection;

namespace Garam.Messaging.Tests.Consuming;

public sealed class HandlingTests
{
    private readonly string _topic = TestKafka.NewName("orders");
    private readonly string _group = TestKafka.NewName("billing");

    [Fact]
    public async Task Every_record_is_handled_and_what_is_committed_at_the_stop_is_the_end_of_the_log()
    {
        var handled = new ConcurrentBag<int>();
        var app = TestApp.Create();
        await using (app)
        {
            await app.CreateTopicAsync(_topic, partitions: 3);
            app.MapTopicGroup(_group).MapTopic(_topic, (Order order) => handled.Add(order.Number));
            await app.StartAsync();
            await app.ProduceAsync(_topic, 1_000, number => $"key-{number % 50}", number => new Order(number));
            await Eventually.Is(1_000, () => handled.Count);
        }

        handled.Order().ShouldBe(Enumerable.Range(0, 1_000));
        Committed.Offsets(_group, _topic, 3).ShouldBe(Committed.Ends(_topic, 3));
    }

    private sealed record Order(int Number);
}
