using System.Threading.Channels;

namespace Garam.Outbox.Sqlite;

/// <summary>
/// The outbox table of a store: rows that were committed together with what they tell about, until their records are acknowledged.
/// </summary>
/// <remarks>
/// The store has one writer, so that ids appear in their order: whoever has read row n will never find a new row below n.
/// </remarks>
public sealed class SqliteOutbox
{
    /// <summary>The table, for the store's migrations. AUTOINCREMENT keeps the id of a removed row from being given again.</summary>
    public const string Migration = """
        CREATE TABLE outbox(
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            topic TEXT NOT NULL,
            key TEXT NOT NULL,
            value BLOB NOT NULL,
            trace_parent TEXT,
            written_at INTEGER NOT NULL)
        """;

    // Holds one item when there is news: more would say nothing new.
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly SqliteStore _store;
    private readonly TimeProvider _time;
    private bool _added;

    public SqliteOutbox(SqliteStore store, TimeProvider time)
    {
        (_store, _time) = (store, time);
        store.Committed += AnnounceIfAdded;
    }

    /// <summary>
    /// Told of each record that was acknowledged, on the writer's thread, within the transaction that removes its message: what it writes there is kept
    /// with the removal, or not at all. It must not throw: the message would stay, and be sent again. Default: nobody.
    /// </summary>
    public Action<StoreConnection, OutboxReceipt>? Delivered { get; init; }

    /// <summary>Writes a message within the caller's command: both are kept, or neither.</summary>
    /// <param name="connection">The connection that the store's writer handed to the command.</param>
    /// <param name="message">What to send.</param>
    /// <returns>The message's id, which <see cref="OutboxReceipt.MessageId"/> names when its record is acknowledged.</returns>
    public long Add(StoreConnection connection, OutboxMessage message)
    {
        connection.Execute(
            "INSERT INTO outbox(topic, key, value, trace_parent, written_at) VALUES ($1, $2, $3, $4, $5)",
            message.Topic, message.Key, message.Value, message.TraceParent ?? OutboxMessage.NewTrace(), _time.GetUtcNow().ToUnixTimeMilliseconds());
        _added = true;
        return connection.LastInsertId;
    }

    /// <summary>The oldest <paramref name="limit"/> rows after <paramref name="id"/>.</summary>
    internal IReadOnlyList<OutboxRow> ReadAfter(long id, int limit) => _store.Read(connection => connection.Query(
        "SELECT id, topic, key, value, trace_parent, written_at FROM outbox WHERE id > $1 ORDER BY id LIMIT $2",
        static row => new OutboxRow(
            row.GetInt64(0),
            row.GetString(1),
            row.GetString(2),
            row.GetFieldValue<byte[]>(3),
            row.IsDBNull(4) ? null : row.GetString(4),
            DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(5))),
        id, limit));

    /// <summary>Forgets rows whose records are acknowledged.</summary>
    internal Task RemoveAsync(IReadOnlyList<OutboxReceipt> receipts, CancellationToken cancellationToken) => _store.WriteAsync(
        connection =>
        {
            foreach (var receipt in receipts)
            {
                connection.Execute("DELETE FROM outbox WHERE id = $1", receipt.MessageId);
                Delivered?.Invoke(connection, receipt);
            }
        },
        cancellationToken);

    /// <summary>Completes when rows were committed since the last call completed, at once if that is already so.</summary>
    internal async Task WaitForRowsAsync(CancellationToken cancellationToken) => await _news.Reader.ReadAsync(cancellationToken);

    // On the writer's thread, as Add is: the flag needs no lock.
    private void AnnounceIfAdded()
    {
        if (!_added)
            return;
        _added = false;
        _news.Writer.TryWrite(true);
    }
}
