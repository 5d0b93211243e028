using Garam.Content.Messages;
using Garam.Content.ReadModels;
using Garam.Messaging.Producing;
using Garam.Outbox.Sqlite;
using Microsoft.Extensions.Logging;

namespace Garam.Content.Feed;

/// <summary>
/// The inboxes of all users, in feed.db. An inbox is the newest posts of those whom its owner follows now: a function of the events
/// alone, whatever the order in which posts and follows arrive, and however often.
/// </summary>
internal sealed class FeedStore : IAsyncDisposable
{
    /// <summary>Posts that an inbox keeps.</summary>
    public const int DefaultCapacity = 800;

    /// <summary>Followers that are served by one command. A post of an author with 100,000 of them lets other events in between.</summary>
    private const int FanOutChunk = 1_000;

    private readonly TimeProvider _time;
    private readonly int _capacity;

    private FeedStore(SqliteStore store, TimeProvider time, int capacity) => (Store, _time, _capacity) = (store, time, capacity);

    /// <summary>Opens feed.db, creating it where absent.</summary>
    /// <exception cref="StoreInUseException">Another process has it.</exception>
    public static FeedStore Open(string path, TimeProvider time, int capacity = DefaultCapacity, ILogger? logger = null) =>
        new(ReadModelFile.Open(path, FeedSchema.Migrations(capacity), logger), time, capacity);

    public SqliteStore Store { get; }

    public ValueTask DisposeAsync() => Store.DisposeAsync();

    /// <summary>Brings a post into the inboxes of its author's followers, or takes it out; completes when all of them have it.</summary>
    /// <remarks>
    /// Each chunk goes by what the tables say when it runs, so a follow or a newer version in between ends right. A crash between
    /// chunks leaves the record uncommitted: it is delivered again and, being no older than the stored version, goes round again.
    /// </remarks>
    /// <param name="message">What may be seen.</param>
    /// <param name="from">The record that says so.</param>
    /// <param name="cancellationToken">Withdraws what has not begun.</param>
    public async Task ApplyAsync(InspectedPostMessage message, RecordPosition from, CancellationToken cancellationToken)
    {
        var next = await Store.WriteAsync(
            connection => Keep(connection, message) ? FanOutAndNote(connection, message, from, long.MinValue) : null, cancellationToken);
        while (next is { } follower)
        {
            next = await Store.WriteAsync(connection => FanOutAndNote(connection, message, from, follower), cancellationToken);
        }
    }

    /// <summary>What became of a post here.</summary>
    public AppliedPost Applied(long postId) => Store.Read(connection =>
        AppliedVersions.Of(connection, postId, connection.Number("SELECT version FROM author_post WHERE post_id = $1", postId)));

    /// <summary>Fills the follower's inbox with the newest posts of whom he follows now, or clears it of whom he does no more.</summary>
    public Task ApplyAsync(FollowMessage message, CancellationToken cancellationToken) =>
        Store.WriteAsync(connection => Apply(connection, message), cancellationToken);

    /// <summary>The entries that follow <paramref name="after"/> in a user's inbox, at most <paramref name="count"/>.</summary>
    public List<FeedEntry> Read(long followerId, FeedEntry after, int count) =>
        Store.Read(connection => connection.Query(
            """
            SELECT created_at, post_id FROM inbox WHERE follower_id = $1 AND (created_at, post_id) < ($2, $3)
            ORDER BY created_at DESC, post_id DESC LIMIT $4
            """,
            static row => new FeedEntry(row.GetInt64(0), row.GetInt64(1)),
            followerId, after.CreatedAt, after.PostId, count));

    /// <summary>False when a newer version is known. A post's author and time never change, so a removal need not carry them.</summary>
    private static bool Keep(StoreConnection connection, InspectedPostMessage message) =>
        connection.Execute(
            """
            INSERT INTO author_post (post_id, version, author_id, created_at, is_visible) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (post_id) DO UPDATE SET
                version = excluded.version,
                author_id = coalesce(excluded.author_id, author_id),
                created_at = coalesce(excluded.created_at, created_at),
                is_visible = excluded.is_visible
            WHERE excluded.version >= version
            """,
            message.Id, message.Version, message.Payload?.Post.UserId, message.Payload?.Post.CreatedAt.ToMilliseconds(), message.Payload is not null) > 0;

    private long? FanOutAndNote(StoreConnection connection, InspectedPostMessage message, RecordPosition from, long afterFollower)
    {
        var (served, next) = FanOut(connection, message.Id, afterFollower);
        AppliedVersions.Keep(
            connection, message.Id, message.Version, from, isFirst: afterFollower == long.MinValue, served, next is null ? _time.UtcNow() : null);
        return next;
    }

    /// <summary>Serves the next followers by id; answers how many, and the last one of them when there may be more.</summary>
    private (int Served, long? Next) FanOut(StoreConnection connection, long postId, long afterFollower)
    {
        // The author is unknown where the removal is all that was ever heard of a post: nobody has it.
        if (connection.First<Placement?>(
                "SELECT author_id, created_at, is_visible FROM author_post WHERE post_id = $1 AND author_id IS NOT NULL",
                static row => new Placement(row.GetInt64(0), row.GetInt64(1), row.GetBoolean(2)), postId) is not { } post)
        {
            return (0, null);
        }

        var followers = connection.Query(
            "SELECT follower_id FROM follow WHERE following_id = $1 AND follower_id > $2 AND is_active ORDER BY follower_id LIMIT $3",
            static row => row.GetInt64(0), post.Author, afterFollower, FanOutChunk);

        foreach (var follower in followers)
        {
            if (post.IsVisible)
            {
                connection.Execute(
                    "INSERT OR IGNORE INTO inbox (follower_id, created_at, post_id, author_id) VALUES ($1, $2, $3, $4)",
                    follower, post.CreatedAt, postId, post.Author);
            }
            else
            {
                RemoveAndRefill(connection, follower, "DELETE FROM inbox WHERE follower_id = $1 AND created_at = $2 AND post_id = $3", post.CreatedAt, postId);
            }
        }

        return (followers.Count, followers.Count == FanOutChunk ? followers[^1] : null);
    }

    private void Apply(StoreConnection connection, FollowMessage message)
    {
        var isActive = message.OperationType != OperationType.Delete;
        var isOutdated = connection.Execute(
            """
            INSERT INTO follow (following_id, follower_id, version, is_active) VALUES ($1, $2, $3, $4)
            ON CONFLICT (following_id, follower_id) DO UPDATE SET version = excluded.version, is_active = excluded.is_active
            WHERE excluded.version >= version
            """,
            message.FollowingId, message.FollowerId, message.Version, isActive) == 0;
        if (isOutdated)
        {
            return;
        }

        if (isActive)
        {
            connection.Execute(
                """
                INSERT OR IGNORE INTO inbox (follower_id, created_at, post_id, author_id)
                SELECT $1, created_at, post_id, author_id FROM author_post WHERE author_id = $2 AND is_visible
                ORDER BY created_at DESC, post_id DESC LIMIT $3
                """,
                message.FollowerId, message.FollowingId, _capacity);
        }
        else
        {
            RemoveAndRefill(connection, message.FollowerId, "DELETE FROM inbox WHERE follower_id = $1 AND author_id = $2", message.FollowingId);
        }
    }

    private void RemoveAndRefill(StoreConnection connection, long followerId, string delete, params ReadOnlySpan<object?> rest)
    {
        var before = SizeOf(connection, followerId);
        var removed = connection.Execute(delete, [followerId, .. rest]);

        // An inbox that was not full has every post already.
        if (removed > 0 && before >= _capacity)
        {
            Refill(connection, followerId, _capacity - SizeOf(connection, followerId));
        }
    }

    /// <summary>Takes up the newest of the posts that are older than the whole inbox: per author no more of them than are missing.</summary>
    private static void Refill(StoreConnection connection, long followerId, long missing)
    {
        var oldest = connection.Query(
            "SELECT created_at, post_id FROM inbox WHERE follower_id = $1 ORDER BY created_at, post_id LIMIT 1",
            static row => new FeedEntry(row.GetInt64(0), row.GetInt64(1)), followerId);
        var below = oldest.Count == 0 ? FeedEntry.Top : oldest[0];
        connection.Execute(
            """
            INSERT OR IGNORE INTO inbox (follower_id, created_at, post_id, author_id)
            SELECT follow.follower_id, post.created_at, post.post_id, post.author_id
            FROM follow JOIN author_post post ON post.post_id IN (
                SELECT older.post_id FROM author_post older
                WHERE older.author_id = follow.following_id AND older.is_visible AND (older.created_at, older.post_id) < ($2, $3)
                ORDER BY older.created_at DESC, older.post_id DESC LIMIT $4)
            WHERE follow.follower_id = $1 AND follow.is_active
            ORDER BY post.created_at DESC, post.post_id DESC LIMIT $4
            """,
            followerId, below.CreatedAt, below.PostId, missing);
    }

    private static long SizeOf(StoreConnection connection, long followerId) =>
        connection.Number("SELECT size FROM inbox_size WHERE follower_id = $1", followerId);

    private readonly record struct Placement(long Author, long CreatedAt, bool IsVisible);
}
