using Garam.Outbox.Sqlite;

namespace Garam.Content;

/// <summary>
/// Which history content.db tells. It changes when the file does not continue the history that the log has seen: it was deleted, or
/// restored from
/// a copy. Read models remember whose records they hold, and are filled again when it changes.
/// <code>
/// records of post.original:   known to content.db ──────────┤ more than its outbox could have sent ──► another history
/// </code>
/// </summary>
internal static class StoreIdentity
{
    /// <summary><c>relayed</c> is, by partition of post.original, the offset after the last record that was acknowledged.</summary>
    public const string Migration = """
        CREATE TABLE identity(id TEXT NOT NULL, epoch INTEGER NOT NULL);
        INSERT INTO identity(id, epoch) VALUES (lower(hex(randomblob(16))), 1);
        CREATE TABLE relayed(partition INTEGER PRIMARY KEY, end INTEGER NOT NULL);
        INSERT INTO relayed(partition, end) SELECT partition, max(offset) + 1 FROM post_version WHERE partition IS NOT NULL GROUP BY partition
        """;

    /// <summary>Names the history: an id, and how often it has changed.</summary>
    public static string Of(SqliteStore rows) => rows.Read(connection =>
        connection.First("SELECT id || '.' || epoch FROM identity", static row => row.GetString(0)) ?? "");

    /// <summary>Within the transaction that forgets the message of an acknowledged record.</summary>
    public static void NoteRelayed(StoreConnection connection, int partition, long offset) => connection.Execute(
        "INSERT INTO relayed(partition, end) VALUES ($1, $2) ON CONFLICT (partition) DO UPDATE SET end = max(end, excluded.end)", partition, offset + 1);

    /// <summary>Lets new posts have ids above <paramref name="highest"/> only. Ids of deleted and of lost posts are never given
    /// again.</summary>
    public static void ReservePostIds(StoreConnection connection, long highest)
    {
        connection.Execute("INSERT INTO sqlite_sequence(name, seq) SELECT 'post', 0 WHERE NOT EXISTS (SELECT * FROM sqlite_sequence WHERE name = 'post')");
        connection.Execute("UPDATE sqlite_sequence SET seq = $1 WHERE name = 'post' AND seq < $1", highest);
    }

    /// <summary>Compares the store with the log, and gives it a new identity where it does not continue the log's history.</summary>
    /// <param name="connection">The writer's.</param>
    /// <param name="ends">The ends of post.original, by partition.</param>
    /// <returns>How many records of the log the store does not know; 0 when all is well.</returns>
    public static long CompareWithLog(StoreConnection connection, IReadOnlyDictionary<int, long> ends)
    {
        var known = connection.Query("SELECT partition, end FROM relayed", static row => KeyValuePair.Create(row.GetInt32(0), row.GetInt64(1))).ToDictionary();
        var unknown = ends.Sum(end => Math.Max(0, end.Value - known.GetValueOrDefault(end.Key)));

        // A message that is still in the outbox may have been sent before a crash: its record is no surprise.
        var explained = connection.Number("SELECT count(*) FROM outbox WHERE topic = $1", ContentTopics.OriginalPosts);
        connection.Execute("DELETE FROM relayed");
        foreach (var (partition, end) in ends)
            NoteRelayed(connection, partition, end - 1);
        if (unknown <= explained)
            return 0;

        // Each post has at least one record, so that no id in the log is higher than the number of records ever written to it.
        ReservePostIds(connection, ends.Values.Sum());
        connection.Execute("UPDATE identity SET id = lower(hex(randomblob(16))), epoch = epoch + 1");
        return unknown - explained;
    }
}
