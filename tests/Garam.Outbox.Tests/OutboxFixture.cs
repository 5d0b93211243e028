using System.Text;
using Garam.Messaging.Failures;
using Garam.Outbox.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Garam.Outbox.Tests;

/// <summary>A store with an outbox, its relay, and a producer whose answers a test decides.</summary>
internal sealed class OutboxFixture : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private OutboxRelay? _relay;

    public OutboxFixture(Action<StoreConnection, OutboxReceipt>? delivered = null)
    {
        Store = SqliteStore.Open(_directory.File("outbox.db"), [SqliteOutbox.Migration, "CREATE TABLE row(v TEXT)"]);
        Outbox = new SqliteOutbox(Store, TimeProvider.System) { Delivered = delivered };
        Operations = new OutboxOperations(Health, Producer, Topics, TimeProvider.System);
    }

    public SqliteStore Store { get; }

    public SqliteOutbox Outbox { get; }

    public OutboxHealth Health { get; } = new();

    public ScriptedProducer Producer { get; } = new();

    public RecordedTopics Topics { get; } = new();

    public OutboxOperations Operations { get; }

    public Task AddAsync(params OutboxMessage[] messages) => Store.WriteAsync(
        connection =>
        {
            foreach (var message in messages)
                Outbox.Add(connection, message);
        },
        CancellationToken.None);

    public static OutboxMessage Message(string topic, string? key, string? text) => new(topic, key, text is null ? null : Encoding.UTF8.GetBytes(text));

    public async Task StartAsync()
    {
        _relay = new OutboxRelay(Outbox, Producer, Health, TimeProvider.System, NullLogger<OutboxRelay>.Instance);
        await _relay.StartAsync(CancellationToken.None);
    }

    public async Task StopAsync()
    {
        if (_relay is not { } relay)
            return;
        _relay = null;
        await relay.StopAsync(CancellationToken.None);
        relay.Dispose();
    }

    public long Left() => Store.Read(c => c.Number("SELECT count(*) FROM outbox"));

    public Task LeftIsAsync(long count) => Eventually.IsTrueAsync(() => Left() == count, $"{count} messages are left");

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Store.DisposeAsync();
        _directory.Dispose();
    }
}

/// <summary>What a broker answers that will never take a record.</summary>
internal sealed class RefusedException(string message) : Exception(message), ITransient
{
    public bool IsTransient => false;
}

internal sealed class RecordedTopics : Garam.Messaging.Topics.ITopicAdmin
{
    public List<Garam.Messaging.Topics.TopicDefinition> Made { get; } = [];

    public Task EnsureTopicsAsync(IReadOnlyList<Garam.Messaging.Topics.TopicDefinition> topics, CancellationToken cancellationToken)
    {
        Made.AddRange(topics);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyDictionary<int, long>> EndOffsetsAsync(string topic, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyDictionary<int, long>>(new Dictionary<int, long>());
}
