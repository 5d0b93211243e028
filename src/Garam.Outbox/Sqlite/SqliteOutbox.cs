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

    /// <summary>Bytes of values that are read at a time; a row that is larger is read alone.</summary>
    private const int MaxReadBytes = 8 << 20;

    private readonly TimeProvider _time;

    /// <summary>Makes an outbox over a store, and brings its table up to date.</summary>
    /// <param name="store">A store that was opened with <see cref="Migration"/> among its migrations.</param>
    /// <param name="time">The clock of <c>written_at</c>.</param>
    /// <exception cref="InvalidOperationException">The store has no outbox table.</exception>
    public SqliteOutbox(SqliteStore store, TimeProvider time)
    {
        (Store, _time) = (store, time);
        store.WriteAsync(OutboxSchema.BringUpToDate, CancellationToken.None).GetAwaiter().GetResult();
    }

    /// <summary>
    /// Told of each record that was acknowledged, on the writer's thread, within the transaction that removes its message: what it writes
    /// there is kept
    /// with the removal. When it throws, what it wrote is undone, the message is removed all the same (its record is in the topic), and
    /// the log and <see cref="OutboxHealth"/> say so. Default: nothing is told.
    /// </summary>
    public Action<StoreConnection, OutboxReceipt>? Delivered { get; init; }

    internal SqliteStore Store { get; }

    internal OutboxSignal Signal => Store.Outbox;

    /// <summary>Writes a message within the caller's command: both are kept, or neither.</summary>
    /// <param name="connection">The connection that the store's writer handed to the command.</param>
    /// <param name="message">What to send.</param>
    /// <returns>The message's id, which <see cref="OutboxReceipt.MessageId"/> names when its record is acknowledged.</returns>
    /// <exception cref="ArgumentException">The message can never become a record, or the connection is not the writer's.</exception>
    public long Add(StoreConnection connection, OutboxMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (!Store.Owns(connection))
            throw new ArgumentException("The connection is not the one that this outbox's store has handed to a command: add messages within WriteAsync of the same store.");
        OutboxMessageCheck.EnsureDeliverable(message);
        connection.Execute(
            "INSERT INTO outbox(topic, key, value, headers, trace_parent, written_at) VALUES ($1, $2, $3, $4, $5, $6)",
            message.Topic, message.Key, message.Value, OutboxHeaders.ToText(message.Headers), TraceOf(message), _time.GetUtcNow().ToUnixTimeMilliseconds());
        Signal.Added();
        return connection.LastInsertId;
    }

    /// <summary>The oldest rows after <paramref name="position"/> that may be sent, at most <paramref name="limit"/>, and how far that
    /// is.</summary>
    internal (IReadOnlyList<OutboxRow> Rows, long End) ReadAfter(long position, int limit) => Store.Read(connection =>
    {
        // Before the rows: what is written in between is after this end, and is read next time.
        var end = connection.Number("SELECT max(id) FROM outbox");
        using var reader = connection.Prepared(
            $"SELECT {OutboxColumns.Names} FROM outbox WHERE id > $1 AND id <= $2 AND undeliverable_at IS NULL ORDER BY id LIMIT $3", position, end, limit).ExecuteReader();
        var rows = new List<OutboxRow>();
        for (long bytes = 0; bytes < MaxReadBytes && reader.Read(); bytes += rows[^1].Size)
            rows.Add(OutboxColumns.Row(reader));
        return (rows, End: rows.Count == limit || rows.Sum(row => (long)row.Size) >= MaxReadBytes ? rows[^1].Id : Math.Max(position, end));
    });

    /// <summary>A row that may be sent; null when it was removed or is undeliverable.</summary>
    internal OutboxRow? Find(long id) => Store.Read(connection =>
        connection.First($"SELECT {OutboxColumns.Names} FROM outbox WHERE id = $1 AND undeliverable_at IS NULL", OutboxColumns.Row, id));

    /// <summary>Rows for an operator: the undeliverable ones, or all, the oldest first.</summary>
    internal List<OutboxRow> List(bool all, long after, int limit) => Store.Read(connection => connection.Query(
        all
            ? $"SELECT {OutboxColumns.Names} FROM outbox WHERE id > $1 ORDER BY id LIMIT $2"
            : $"SELECT {OutboxColumns.Names} FROM outbox WHERE id > $1 AND undeliverable_at IS NOT NULL ORDER BY id LIMIT $2",
        OutboxColumns.Row, after, limit));

    /// <summary>Removes rows whose records are acknowledged, and tells <see cref="Delivered"/>.</summary>
    /// <returns>The receipts that could not be kept, with the reasons.</returns>
    internal async Task<IReadOnlyList<(OutboxReceipt Receipt, Exception Error)>> RemoveAsync(
        IReadOnlyList<OutboxReceipt> receipts, CancellationToken cancellationToken)
    {
        var lost = new List<(OutboxReceipt, Exception)>();
        await Store.WriteAsync(
            connection =>
            {
                lost.Clear();
                foreach (var receipt in receipts)
                {
                    connection.Execute("DELETE FROM outbox WHERE id = $1", receipt.MessageId);
                    if (Delivered is not null && Tell(connection, receipt) is { } error)
                        lost.Add((receipt, error));
                }
            },
            cancellationToken).ConfigureAwait(false);
        return lost;
    }

    /// <summary>Sets a row aside that can never be sent as it is.</summary>
    internal Task SetAsideAsync(long id, int attempts, string reason, CancellationToken cancellationToken) => Store.WriteAsync(
        connection => connection.Execute(
            "UPDATE outbox SET undeliverable_at = $2, attempts = min(max(attempts, 0) + $3, 2147483647), reason = $4 WHERE id = $1",
            id, _time.GetUtcNow().ToUnixTimeMilliseconds(), attempts, reason),
        cancellationToken);

    /// <summary>A row for an operator, whatever its state; null when there is none.</summary>
    internal OutboxRow? Get(long id) => Store.Read(connection => connection.First($"SELECT {OutboxColumns.Names} FROM outbox WHERE id = $1", OutboxColumns.Row, id));

    internal bool IsUndeliverable(long id) =>
        Store.Read(connection => connection.Number("SELECT count(*) FROM outbox WHERE id = $1 AND undeliverable_at IS NOT NULL", id)) > 0;

    /// <summary>Lets an undeliverable row be sent again. False when there is none of that id.</summary>
    internal Task<bool> RetryAsync(long id, CancellationToken cancellationToken) => ChangeAsync(
        "UPDATE outbox SET undeliverable_at = NULL, reason = NULL WHERE id = $1 AND undeliverable_at IS NOT NULL", id, cancellationToken);

    /// <summary>Removes a row without its record. False when there is none of that id.</summary>
    internal Task<bool> DiscardAsync(long id, CancellationToken cancellationToken) => ChangeAsync("DELETE FROM outbox WHERE id = $1", id, cancellationToken);

    /// <summary>The undeliverable rows, each as the key that waits for it.</summary>
    internal List<OutboxLane> Undeliverable() => Store.Read(connection => connection.Query(
        "SELECT id, topic, key FROM outbox WHERE undeliverable_at IS NOT NULL ORDER BY id",
        static row => new OutboxLane(OutboxColumns.Text(row, 1) ?? "", OutboxColumns.Text(row, 2), row.GetInt64(0))));

    /// <summary>When the oldest row was written, as far as that can be read, undeliverable ones not counted; null when none waits.</summary>
    internal DateTimeOffset? OldestWrittenAt() => Store.Read(connection => connection.First<DateTimeOffset?>(
        "SELECT written_at FROM outbox WHERE undeliverable_at IS NULL AND typeof(written_at) = 'integer' "
            + $"AND written_at BETWEEN 0 AND {OutboxColumns.TooLate} ORDER BY id LIMIT 1",
        static row => DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(0))));

    internal long CountUndeliverable() => Store.Read(connection => connection.Number("SELECT count(*) FROM outbox WHERE undeliverable_at IS NOT NULL"));

    internal long Count() => Store.Read(connection => connection.Number("SELECT count(*) FROM outbox"));

    private async Task<bool> ChangeAsync(string sql, long id, CancellationToken cancellationToken)
    {
        var changed = await Store.WriteAsync(connection => connection.Execute(sql, id) > 0, cancellationToken).ConfigureAwait(false);
        if (changed)
            Signal.Changed(id);
        return changed;
    }

    private Exception? Tell(StoreConnection connection, OutboxReceipt receipt)
    {
        connection.Execute("SAVEPOINT delivered");
        try
        {
            Delivered!(connection, receipt);
            return null;
        }
        // Not swallowed: the relay logs it, and health shows it. A lost transaction fails the whole command, which is repeated.
        catch (Exception error) when (connection.InTransaction)
        {
            connection.Execute("ROLLBACK TO delivered");
            return error;
        }
        finally
        {
            if (connection.InTransaction)
                connection.Execute("RELEASE delivered");
        }
    }

    private static string? TraceOf(OutboxMessage message) =>
        message.TraceParent ?? (message.Headers.Any(header => header.Name == OutboxHeaders.TraceParent) ? null : OutboxMessage.NewTrace());
}
