namespace Garam.Outbox.Sqlite;

/// <summary>
/// The outbox table as this version needs it. <see cref="SqliteOutbox.Migration"/> made it as the first version did, and stays as it is: it
/// is one of
/// the host's migrations, which run once. What came later is added when an outbox is made, and is described in docs/outbox.md.
/// </summary>
internal static class OutboxSchema
{
    /// <summary>The table is copied, as SQLite cannot take a NOT NULL off a column. Ids and their sequence stay.</summary>
    private const string Upgrade = """
        CREATE TABLE outbox_upgraded(
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            topic TEXT NOT NULL,
            key TEXT,
            value BLOB,
            headers TEXT,
            trace_parent TEXT,
            written_at INTEGER NOT NULL,
            attempts INTEGER NOT NULL DEFAULT 0,
            undeliverable_at INTEGER,
            reason TEXT);
        INSERT INTO outbox_upgraded(id, topic, key, value, trace_parent, written_at)
            SELECT id, topic, key, value, trace_parent, written_at FROM outbox;
        INSERT INTO sqlite_sequence(name, seq) SELECT 'outbox_upgraded', 0
            WHERE NOT EXISTS (SELECT * FROM sqlite_sequence WHERE name = 'outbox_upgraded');
        UPDATE sqlite_sequence SET seq = coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'outbox'), 0) WHERE name = 'outbox_upgraded';
        DROP TABLE outbox;
        ALTER TABLE outbox_upgraded RENAME TO outbox;
        CREATE INDEX outbox_undeliverable ON outbox(id) WHERE undeliverable_at IS NOT NULL
        """;

    /// <summary>Within a command of the writer.</summary>
    /// <exception cref="InvalidOperationException">The store has no outbox table.</exception>
    public static void BringUpToDate(StoreConnection connection)
    {
        if (connection.Number("SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'outbox'") == 0)
            throw new InvalidOperationException($"The store has no outbox table: add SqliteOutbox.{nameof(SqliteOutbox.Migration)} to the migrations that it is opened with.");
        if (connection.Number("SELECT count(*) FROM pragma_table_info('outbox') WHERE name = 'undeliverable_at'") == 0)
            connection.Execute(Upgrade);
    }
}
