using Garam.Outbox.Sqlite;

namespace Garam.Content.ReadModels;

/// <summary>A store that is computed from topics alone, and the consumer group that computes it.</summary>
internal sealed record ReadModel(SqliteStore Store, string Group)
{
    /// <summary>
    /// Part of every read model's schema. The row says that the group was told to begin at the oldest records after this file was
    /// made: a file that somebody deleted comes back without it, however often the start was interrupted. <c>started</c> is the time, in
    /// milliseconds; files of earlier versions have a 1.
    /// </summary>
    public const string Migration = "CREATE TABLE rebuild (group_name TEXT PRIMARY KEY, started INTEGER NOT NULL)";

    /// <summary>Records of a partition that are handled at a time: they share the store's transactions, so the more the cheaper.</summary>
    public const int Lanes = 64;

    public bool HasBegun => Store.Read(connection => connection.Number("SELECT started FROM rebuild WHERE group_name = $1", Group)) != 0;

    public Task MarkBegunAsync(DateTime now, CancellationToken cancellationToken) => Store.WriteAsync(
        connection => connection.Execute("INSERT OR REPLACE INTO rebuild (group_name, started) VALUES ($1, $2)", Group, now.ToMilliseconds()), cancellationToken);
}
