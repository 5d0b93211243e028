using Garam.Broker;
using Garam.Messaging;
using Garam.Messaging.Endpoints;
using Garam.Messaging.Failures;
using Garam.Messaging.Producing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Garam.House.Tests;

/// <summary>The program on the front page, run as it stands there.</summary>
public sealed class ReadmeSnippet
{
    [Fact]
    public async Task The_program_on_the_front_page_charges_an_order()
    {
        // <snippet>
        await using var broker = await KafkaBroker.StartAsync();               // or any Kafka: only the address differs

        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddMessaging(options => options.BootstrapServers = broker.BootstrapServers);
        builder.Services.AddSingleton<IBilling, Billing>();
        using var app = builder.Build();

        app.MapTopicGroup("billing")                                           // = consumer group
           .MapTopic("orders", (Order order, IBilling billing, CancellationToken ct) => billing.ChargeAsync(order, ct))
           .WithConcurrency(8, by: RecordOrder.Key)                            // parallel, and in order per key
           .Retry(3, Backoff.Exponential(TimeSpan.FromSeconds(1))).Unless<InvalidOrderException>()
           .DeadLetter();                                                      // orders.billing.dlt

        await app.StartAsync();
        // </snippet>

        var producer = app.Services.GetRequiredService<IRecordProducer>();
        await producer.ProduceAsync(ProducerRecord.Json("orders", "1", new Order(1, 9_900)), TestContext.Current.CancellationToken);
        var charged = await ((Billing)app.Services.GetRequiredService<IBilling>()).Charged.WaitAsync(TestContext.Current.CancellationToken);
        charged.ShouldBe(new Order(1, 9_900));
        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    private sealed record Order(long Id, decimal Amount);

    private sealed class InvalidOrderException : ArgumentException;

    private interface IBilling
    {
        Task ChargeAsync(Order order, CancellationToken ct);
    }

    private sealed class Billing : IBilling
    {
        private readonly TaskCompletionSource<Order> _charged = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<Order> Charged => _charged.Task;

        public Task ChargeAsync(Order order, CancellationToken ct)
        {
            _charged.TrySetResult(order);
            return Task.CompletedTask;
        }
    }
}
