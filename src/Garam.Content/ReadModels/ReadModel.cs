using Garam.Outbox.Sqlite;

namespace Garam.Content.ReadModels;

/// <summary>A store that is computed from topics alone, and the consumer group that computes it.</summary>
/// <param name="Store">The store.</param>
/// <param name="Group">The group.</param>
/// <param name="Clear">The statements that empty it.</param>
/// <param name="HighestPostId">The query for the highest post id that it holds.</param>
internal sealed record ReadModel(SqliteStore Store, string Group, string Clear, string HighestPostId)
{
    /// <summary>
    /// Part of every read model's schema. The row says that the group was told to begin at the oldest records after this file was
    /// made or emptied: a file that was deleted comes back without it, however often the start was interrupted. <c>started</c> is the time,
    /// in
    /// milliseconds; files of earlier versions have a 1.
    /// </summary>
    public const string Migration = "CREATE TABLE rebuild (group_name TEXT PRIMARY KEY, started INTEGER NOT NULL)";

    /// <summary>Records of a partition that are handled at a time: they share the store's transactions, so the more the cheaper.</summary>
    public const int Lanes = 64;

    /// <summary>
    /// Part of every read model's schema, after the other one: the identity of the content.db whose history it holds. A model without one
    /// is filled
    /// again once.
    /// </summary>
    public const string IdentityMigration = "ALTER TABLE rebuild ADD COLUMN content TEXT";

    /// <summary>Whether the model is being filled, or was, with the history of this content.db.</summary>
    public bool HasBegun(string identity) => Store.Read(connection =>
        connection.Number("SELECT count(*) FROM rebuild WHERE group_name = $1 AND content = $2", Group, identity)) != 0;

    /// <summary>Empties the model. Its group begins at the oldest records from now on.</summary>
    public Task BeginAsync(string identity, DateTime now, CancellationToken cancellationToken) => Store.WriteAsync(
        connection =>
        {
            connection.Execute(Clear);
            connection.Execute("INSERT OR REPLACE INTO rebuild (group_name, started, content) VALUES ($1, $2, $3)", Group, now.ToMilliseconds(), identity);
        },
        cancellationToken);
}
