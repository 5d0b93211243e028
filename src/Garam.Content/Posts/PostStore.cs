using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Garam.Content.Inspection;
using Garam.Content.Messages;
using Garam.Outbox;
using Garam.Outbox.Sqlite;
using Microsoft.Data.Sqlite;

namespace Garam.Content.Posts;

/// <summary>What people wrote. Each change and its event are one transaction: there is no post without its event, and no event without its post.</summary>
internal sealed class PostStore(ContentStore store, TimeProvider time)
{
    /// <summary>A deleted post keeps its row: its id is never given again, and its last version stays known.</summary>
    public const string Migration = """
        CREATE TABLE post(
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            version INTEGER NOT NULL,
            title TEXT NOT NULL,
            content TEXT NOT NULL,
            user_id INTEGER NOT NULL,
            category_id INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            deleted_at INTEGER)
        """;

    public Task<OriginalPost> CreateAsync(PostDraft draft, CancellationToken cancellationToken)
    {
        var (now, trace) = (time.UtcNow(), Activity.Current?.Id);
        return store.Rows.WriteAsync(connection =>
        {
            connection.Execute(
                "INSERT INTO post(version, title, content, user_id, category_id, created_at, updated_at) VALUES (1, $1, $2, $3, $4, $5, $5)",
                draft.Title, draft.Content, draft.UserId, draft.CategoryId, now.ToMilliseconds());
            var post = new OriginalPost(
                connection.LastInsertId, 1, draft.Title!, draft.Content!, draft.UserId!.Value, draft.CategoryId!.Value, now, now, DeletedAt: null);
            Announce(connection, new OriginalPostMessage(post.Id, post.Version, post, OperationType.Create), now, trace);
            return post;
        }, cancellationToken);
    }

    /// <summary>The post after the edit; null when there is no such post (any more).</summary>
    public Task<OriginalPost?> UpdateAsync(long id, PostDraft draft, CancellationToken cancellationToken)
    {
        var (now, trace) = (time.UtcNow(), Activity.Current?.Id);
        return store.Rows.WriteAsync(connection =>
        {
            if (Find(connection, id) is not { } before)
                return null;
            var post = before with
            {
                Version = before.Version + 1,
                Title = draft.Title!,
                Content = draft.Content!,
                CategoryId = draft.CategoryId!.Value,
                UpdatedAt = now,
            };
            connection.Execute(
                "UPDATE post SET version = $2, title = $3, content = $4, category_id = $5, updated_at = $6 WHERE id = $1",
                id, post.Version, post.Title, post.Content, post.CategoryId, now.ToMilliseconds());
            Announce(connection, new OriginalPostMessage(id, post.Version, post, OperationType.Update), now, trace);
            return post;
        }, cancellationToken);
    }

    /// <summary>The deletion's version; null when there is no such post (any more).</summary>
    public Task<int?> DeleteAsync(long id, CancellationToken cancellationToken)
    {
        var (now, trace) = (time.UtcNow(), Activity.Current?.Id);
        return store.Rows.WriteAsync(connection =>
        {
            if (Find(connection, id) is not { } before)
                return (int?)null;
            var version = before.Version + 1;
            connection.Execute("UPDATE post SET version = $2, deleted_at = $3 WHERE id = $1", id, version, now.ToMilliseconds());
            VerdictStore.WipeRenditions(connection, id);
            Announce(connection, new OriginalPostMessage(id, version, Payload: null, OperationType.Delete), now, trace);
            return version;
        }, cancellationToken);
    }

    /// <summary>The post as its author knows it, judged or not; null when there is no such post (any more).</summary>
    public OriginalPost? Find(long id) => store.Rows.Read(connection => Find(connection, id));

    private static OriginalPost? Find(StoreConnection connection, long id) => connection.First(
        "SELECT id, version, title, content, user_id, category_id, created_at, updated_at FROM post WHERE id = $1 AND deleted_at IS NULL",
        static row => Read(row),
        id);

    private static OriginalPost Read(SqliteDataReader row) => new(
        row.GetInt64(0),
        row.GetInt32(1),
        row.GetString(2),
        row.GetString(3),
        row.GetInt64(4),
        row.GetInt64(5),
        StoredTime.FromMilliseconds(row.GetInt64(6)),
        StoredTime.FromMilliseconds(row.GetInt64(7)),
        DeletedAt: null);

    private void Announce(StoreConnection connection, OriginalPostMessage message, DateTime now, string? trace)
    {
        var messageId = store.Outbox.Add(connection, new OutboxMessage(
            ContentTopics.OriginalPosts,
            message.Id.ToString(CultureInfo.InvariantCulture),
            JsonSerializer.SerializeToUtf8Bytes(message, MessageJson.Wire.OriginalPostMessage)) { TraceParent = trace });
        PostVersions.Keep(connection, message, now, messageId);
    }
}
