using System.Globalization;
using Garam.Content.Messages;
using Garam.Messaging.Producing;
using Garam.Outbox;
using Garam.Outbox.Sqlite;

namespace Garam.Content.Posts;

/// <summary>One version of a post on its way out: when it was written, and when and where its record was acknowledged.</summary>
/// <param name="Version">From 1.</param>
/// <param name="Operation">What its author did.</param>
/// <param name="WrittenAt">UTC, to the millisecond.</param>
/// <param name="RelayedAt">When the broker acknowledged the record; null while it waits in the outbox, and where that was not kept.</param>
/// <param name="Record">Its place in post.original; null as long as <paramref name="RelayedAt"/> is.</param>
/// <param name="IsWaiting">Its event is still in the outbox.</param>
/// <param name="IsRemoved">Its event is not in the outbox any more, and no acknowledgement of its record was kept.</param>
internal sealed record PostVersion(
    int Version, OperationType Operation, DateTime WrittenAt, DateTime? RelayedAt, RecordPosition? Record, bool IsWaiting, bool IsRemoved = false);

/// <summary>
/// Every version of every post, for those who ask what became of it. The rows are written within the transactions that are there anyway: the
/// author's, and the relay's when it forgets a message.
/// </summary>
internal static class PostVersions
{
    /// <summary>Posts that were there before have the row of their newest version alone: what was not kept cannot be told.</summary>
    public const string Migration = """
        CREATE TABLE post_version(
            post_id INTEGER NOT NULL,
            version INTEGER NOT NULL,
            operation TEXT NOT NULL,
            written_at INTEGER NOT NULL,
            message_id INTEGER,
            partition INTEGER,
            offset INTEGER,
            relayed_at INTEGER,
            PRIMARY KEY (post_id, version)) WITHOUT ROWID;
        INSERT INTO post_version(post_id, version, operation, written_at, message_id)
        SELECT id, version, CASE WHEN deleted_at IS NOT NULL THEN 'Delete' WHEN version = 1 THEN 'Create' ELSE 'Update' END,
            coalesce(deleted_at, updated_at), (SELECT max(outbox.id) FROM outbox WHERE topic = 'post.original' AND key = CAST(post.id AS TEXT))
        FROM post
        """;

    /// <summary>Within the author's transaction.</summary>
    /// <param name="connection">The writer's.</param>
    /// <param name="message">What was written.</param>
    /// <param name="writtenAt">When.</param>
    /// <param name="messageId">The event in the outbox.</param>
    public static void Keep(StoreConnection connection, OriginalPostMessage message, DateTime writtenAt, long messageId) => connection.Execute(
        "INSERT INTO post_version(post_id, version, operation, written_at, message_id) VALUES ($1, $2, $3, $4, $5)",
        message.Id, message.Version, NameOf(message.OperationType), writtenAt.ToMilliseconds(), messageId);

    /// <summary>Within the relay's transaction. Messages of other topics are none of ours.</summary>
    public static void KeepRelayed(StoreConnection connection, OutboxReceipt receipt)
    {
        if (receipt.Position.Topic == ContentTopics.OriginalPosts)
        {
            StoreIdentity.NoteRelayed(connection, receipt.Position.Partition, receipt.Position.Offset);
            connection.Execute(
                "UPDATE post_version SET partition = $3, offset = $4, relayed_at = $5 WHERE post_id = $1 AND message_id = $2",
                long.Parse(receipt.Key!, CultureInfo.InvariantCulture), receipt.MessageId,
                receipt.Position.Partition, receipt.Position.Offset, receipt.At.ToUnixTimeMilliseconds());
        }
    }

    /// <summary>
    /// Whether a message tells of a version that the store knows differently, or has not reached: it belongs to a history that was lost when the store was
    /// restored from a copy. Posts that the store does not have are not contradicted.
    /// </summary>
    /// <param name="connection">Of content.db.</param>
    /// <param name="postId">The post.</param>
    /// <param name="version">The version.</param>
    /// <param name="writtenAt">When the message says that it was written; null: the message does not say.</param>
    public static bool Contradict(StoreConnection connection, long postId, int version, DateTime? writtenAt) => connection.Number(
        """
        SELECT post.version < $2 OR ($3 IS NOT NULL AND coalesce(known.written_at, $3) <> $3)
        FROM post LEFT JOIN post_version known ON known.post_id = post.id AND known.version = $2
        WHERE post.id = $1
        """,
        postId, version, writtenAt?.ToMilliseconds()) != 0;

    /// <summary>The versions of a post, the oldest first.</summary>
    public static List<PostVersion> Of(StoreConnection connection, long postId) => connection.Query(
        """
        SELECT version, operation, written_at, relayed_at, partition, offset, message_id IS NOT NULL AND relayed_at IS NULL,
            EXISTS (SELECT 1 FROM outbox WHERE outbox.id = message_id)
        FROM post_version WHERE post_id = $1 ORDER BY version
        """,
        static row => new PostVersion(
            row.GetInt32(0),
            Enum.Parse<OperationType>(row.GetString(1)),
            StoredTime.FromMilliseconds(row.GetInt64(2)),
            row.IsDBNull(3) ? null : StoredTime.FromMilliseconds(row.GetInt64(3)),
            row.IsDBNull(4) ? null : new RecordPosition(ContentTopics.OriginalPosts, row.GetInt32(4), row.GetInt64(5)),
            IsWaiting: row.GetBoolean(6) && row.GetBoolean(7),
            IsRemoved: row.GetBoolean(6) && !row.GetBoolean(7)),
        postId);

    private static string NameOf(OperationType operation) => operation switch
    {
        OperationType.Create => nameof(OperationType.Create),
        OperationType.Update => nameof(OperationType.Update),
        _ => nameof(OperationType.Delete),
    };
}
