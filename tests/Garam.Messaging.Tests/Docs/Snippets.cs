using Garam.Messaging.Endpoints;
using Garam.Messaging.Failures;
using Garam.Messaging.Producing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Garam.Messaging.Tests.Docs;

/// <summary>The code of docs/messaging.md, so that it compiles for as long as it is shown.</summary>
internal static class Snippets
{
    public static void FirstLook(string[] args)
    {
        // <snippet>
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddMessaging(options => options.BootstrapServers = "localhost:9092");
        builder.Services.AddSingleton<Billing>();
        var app = builder.Build();

        var billing = app.MapTopicGroup("billing");
        billing.MapTopic("orders", async (Order order, Billing billing, CancellationToken ct) => await billing.ChargeAsync(order, ct))
            .WithConcurrency(8, by: RecordOrder.Key)
            .Retry(3, Backoff.Exponential(TimeSpan.FromSeconds(1)))
            .Unless<InvalidOrderException>()
            .DeadLetter();

        app.MapPost("/orders", async (Order order, IRecordProducer producer, CancellationToken ct) =>
            await producer.ProduceAsync(ProducerRecord.Json("orders", order.Id, order), ct));

        app.Run();
        // </snippet>
    }

    private sealed record Order(string Id);

    private sealed class InvalidOrderException : Exception;

    private sealed class Billing
    {
        public Task<int> ChargeAsync(Order order, CancellationToken cancellationToken) => Task.FromResult(order.Id.Length);
    }
}
