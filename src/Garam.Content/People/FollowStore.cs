using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Garam.Content.Messages;
using Garam.Outbox;
using Garam.Outbox.Sqlite;

namespace Garam.Content.People;

/// <summary>Who follows whom. Each change and its event are one transaction.</summary>
internal sealed class FollowStore(ContentStore store)
{
    /// <summary>False when it was so already.</summary>
    public Task<bool> FollowAsync(long followerId, long followingId, CancellationToken cancellationToken) =>
        ChangeAsync(followerId, followingId, isActive: true, cancellationToken);

    /// <summary>False when it was so already.</summary>
    public Task<bool> UnfollowAsync(long followerId, long followingId, CancellationToken cancellationToken) =>
        ChangeAsync(followerId, followingId, isActive: false, cancellationToken);

    /// <summary>Who follows a user, by id, after <paramref name="after"/>.</summary>
    public List<long> Followers(long followingId, long after, int limit) => store.Rows.Read(c => c.Query(
        "SELECT follower_id FROM follow WHERE following_id = $1 AND is_active AND follower_id > $2 ORDER BY follower_id LIMIT $3",
        static row => row.GetInt64(0),
        followingId, after, limit));

    /// <summary>Whom a user follows, by id, after <paramref name="after"/>.</summary>
    public List<long> Followings(long followerId, long after, int limit) => store.Rows.Read(c => c.Query(
        "SELECT following_id FROM follow WHERE follower_id = $1 AND is_active AND following_id > $2 ORDER BY following_id LIMIT $3",
        static row => row.GetInt64(0),
        followerId, after, limit));

    private Task<bool> ChangeAsync(long followerId, long followingId, bool isActive, CancellationToken cancellationToken)
    {
        var trace = Activity.Current?.Id;
        return store.Rows.WriteAsync(connection => Change(connection, store.Outbox, followerId, followingId, isActive, trace), cancellationToken);
    }

    internal static bool Change(StoreConnection connection, SqliteOutbox outbox, long followerId, long followingId, bool isActive, string? trace = null)
    {
        var (version, wasActive) = connection.First(
            "SELECT version, is_active FROM follow WHERE follower_id = $1 AND following_id = $2",
            static row => (row.GetInt32(0), row.GetBoolean(1)),
            followerId, followingId);
        if (wasActive == isActive)
            return false;
        connection.Execute(
            "INSERT OR REPLACE INTO follow(follower_id, following_id, version, is_active) VALUES ($1, $2, $3, $4)",
            followerId, followingId, version + 1, isActive);
        var message = new FollowMessage(followerId, followingId, version + 1, isActive ? OperationType.Create : OperationType.Delete);
        outbox.Add(connection, new OutboxMessage(
            ContentTopics.FollowChanges,
            followerId.ToString(CultureInfo.InvariantCulture),
            JsonSerializer.SerializeToUtf8Bytes(message, MessageJson.Wire.FollowMessage)) { TraceParent = trace });
        return true;
    }
}
