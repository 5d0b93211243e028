using System.Text;
using Garam.Broker;
using Garam.Messaging;
using Garam.Messaging.Endpoints;
using Garam.Messaging.Topics;
using Garam.Outbox.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Garam.Outbox.Tests;

/// <summary>The code of docs/outbox.md, on a real broker.</summary>
public sealed class OutboxSnippet
{
    [Fact]
    public async Task A_row_and_its_event_are_one_transaction()
    {
        using var directory = new TemporaryDirectory();
        await using var broker = await KafkaBroker.StartAsync();
        var (path, cancellationToken) = (directory.File("payments.db"), TestContext.Current.CancellationToken);
        var arrived = new TaskCompletionSource<string>();

        // <snippet>
        await using var store = SqliteStore.Open(path,
        [
            SqliteOutbox.Migration,
            "CREATE TABLE payment(id INTEGER PRIMARY KEY AUTOINCREMENT, amount INTEGER NOT NULL)",
        ]);
        var outbox = new SqliteOutbox(store, TimeProvider.System);

        var builder = Host.CreateApplicationBuilder();
        builder.Services.AddMessaging(options => options.BootstrapServers = broker.BootstrapServers);
        builder.Services.AddOutboxRelay(_ => outbox);
        using var app = builder.Build();

        var id = await store.WriteAsync(connection =>
        {
            connection.Execute("INSERT INTO payment(amount) VALUES ($1)", 12_000);
            var payment = connection.LastInsertId;
            outbox.Add(connection, new OutboxMessage("payments", Key: $"{payment}", Encoding.UTF8.GetBytes($"paid {payment}")));
            return payment;
        }, cancellationToken);                                             // answered when both are on disk
        // </snippet>

        await app.Services.GetRequiredService<ITopicAdmin>().EnsureTopicsAsync([new TopicDefinition("payments", 1)], cancellationToken);
        app.MapTopicGroup("test").MapTopic("payments", (string value) => { arrived.TrySetResult(value); });
        await app.StartAsync(cancellationToken);
        (await arrived.Task.WaitAsync(TimeSpan.FromSeconds(30), cancellationToken)).ShouldBe($"paid {id}");
        await app.StopAsync(cancellationToken);
    }
}
