using Garam.Messaging.Producing;
using Garam.Outbox.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using static Garam.Outbox.Tests.OutboxFixture;

namespace Garam.Outbox.Tests;

public sealed class SeveralOutboxesTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly ScriptedProducer _producer = new() { AnswerAtOnce = _ => null };

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Two_relays_in_one_host_serve_two_stores_and_share_one_health()
    {
        await using var one = Open("one");
        await using var two = Open("two");
        var (first, second) = (new SqliteOutbox(one, TimeProvider.System), new SqliteOutbox(two, TimeProvider.System));
        using var host = Host(services => services.AddOutboxRelay(_ => first).AddOutboxRelay(_ => second));
        await host.StartAsync();

        await one.WriteAsync(c => { first.Add(c, Message("t", "k", "from one")); }, CancellationToken.None);
        await two.WriteAsync(c => { second.Add(c, Message("t", "k", "from two")); }, CancellationToken.None);
        await Eventually.IsTrueAsync(() => _producer.Sent.Count == 2, "both are sent");
        host.Services.GetRequiredService<OutboxOperations>().Outboxes().Select(outbox => outbox.Name).ShouldBe(["one", "two"]);
        await host.StopAsync();
    }

    [Fact]
    public async Task A_message_that_is_added_by_another_outbox_object_of_the_store_wakes_the_relay()
    {
        await using var store = Open("shared");
        var mine = new SqliteOutbox(store, TimeProvider.System);
        using var host = Host(services => services.AddOutboxRelay(_ => new SqliteOutbox(store, TimeProvider.System)));
        await host.StartAsync();

        for (var n = 0; n < 3; n++)
        {
            var text = $"{n}";
            await store.WriteAsync(c => { mine.Add(c, Message("t", "k", text)); }, CancellationToken.None);
            await Eventually.IsTrueAsync(() => _producer.Sent.Contains(text), "it is sent");
        }

        await host.StopAsync();
    }

    [Fact]
    public async Task A_second_relay_of_one_store_is_refused_at_the_start()
    {
        await using var store = Open("twice");
        using var host = Host(services => services
            .AddOutboxRelay(_ => new SqliteOutbox(store, TimeProvider.System))
            .AddOutboxRelay(_ => new SqliteOutbox(store, TimeProvider.System)));
        (await Should.ThrowAsync<InvalidOperationException>(host.StartAsync())).Message.ShouldContain("once for each store");
    }

    private SqliteStore Open(string name) => SqliteStore.Open(_directory.File($"{name}.db"), [SqliteOutbox.Migration]);

    private IHost Host(Action<IServiceCollection> configure)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder();
        builder.Services.AddSingleton<IRecordProducer>(_producer);
        builder.Services.AddSingleton<Garam.Messaging.Topics.ITopicAdmin>(new RecordedTopics());
        configure(builder.Services);
        return builder.Build();
    }
}
