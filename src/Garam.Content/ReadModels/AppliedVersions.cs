using Garam.Messaging.Producing;
using Garam.Outbox.Sqlite;

namespace Garam.Content.ReadModels;

/// <summary>What a read model did with one version of a post.</summary>
/// <param name="Record">The record of post.inspected that told it.</param>
/// <param name="Reached">How many places have it: inboxes of a feed, one index.</param>
/// <param name="At">When it was done, UTC; null while some are left.</param>
internal sealed record AppliedVersion(RecordPosition Record, long Reached, DateTime? At);

/// <summary>What a read model knows of a post.</summary>
/// <param name="Newest">The newest version that it has applied; 0 for none.</param>
/// <param name="Versions">Those of which it has kept the time.</param>
/// <param name="BeganAt">Since when the store is filled. What was written before has the times of a rebuild.</param>
internal sealed record AppliedPost(int Newest, IReadOnlyDictionary<int, AppliedVersion> Versions, DateTime BeganAt);

/// <summary>
/// When a read model took up each version, for those who ask what became of a post: one more row in the transaction that applies it. A record that
/// is delivered again leaves the time of the first delivery.
/// </summary>
internal static class AppliedVersions
{
    /// <summary>Part of the schema of every read model of posts.</summary>
    public const string Migration = """
        CREATE TABLE applied(
            post_id INTEGER NOT NULL,
            version INTEGER NOT NULL,
            partition INTEGER NOT NULL,
            offset INTEGER NOT NULL,
            reached INTEGER NOT NULL,
            at INTEGER,
            PRIMARY KEY (post_id, version)) WITHOUT ROWID
        """;

    /// <param name="connection">The writer's.</param>
    /// <param name="postId">The post.</param>
    /// <param name="version">Its version.</param>
    /// <param name="from">The record that told of it.</param>
    /// <param name="isFirst">False when a part of the work was kept before, and this is the next one.</param>
    /// <param name="reached">How many places this part reached.</param>
    /// <param name="at">When the work was done; null when there is more.</param>
    public static void Keep(StoreConnection connection, long postId, int version, RecordPosition from, bool isFirst, int reached, DateTime? at) => connection.Execute(
        """
        INSERT INTO applied(post_id, version, partition, offset, reached, at) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (post_id, version) DO UPDATE SET
            partition = excluded.partition,
            offset = excluded.offset,
            reached = CASE WHEN $7 THEN excluded.reached ELSE reached + excluded.reached END,
            at = excluded.at
        WHERE at IS NULL OR ($7 AND (partition, offset) <> (excluded.partition, excluded.offset))
        """,
        postId, version, from.Partition, from.Offset, reached, at?.ToMilliseconds(), isFirst);

    /// <param name="connection">Of the read model.</param>
    /// <param name="postId">The post.</param>
    /// <param name="newest">The newest version that is applied; 0 for none.</param>
    public static AppliedPost Of(StoreConnection connection, long postId, long newest)
    {
        var versions = connection.Query(
            "SELECT version, partition, offset, reached, at FROM applied WHERE post_id = $1",
            static row => KeyValuePair.Create(row.GetInt32(0), new AppliedVersion(
                new RecordPosition(ContentTopics.InspectedPosts, row.GetInt32(1), row.GetInt64(2)),
                row.GetInt64(3),
                row.IsDBNull(4) ? null : StoredTime.FromMilliseconds(row.GetInt64(4)))),
            postId);
        return new AppliedPost((int)newest, versions.ToDictionary(), StoredTime.FromMilliseconds(connection.Number("SELECT max(started) FROM rebuild")));
    }
}
