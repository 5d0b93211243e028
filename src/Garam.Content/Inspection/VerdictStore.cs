using System.Text.Json;
using Garam.Content.Messages;
using Garam.Content.Moderation;
using Garam.Outbox.Sqlite;
using Microsoft.Data.Sqlite;

namespace Garam.Content.Inspection;

/// <summary>
/// The verdicts, each with the very text that it approved. What readers may see is read from here and from nowhere else:
/// an edit that nobody has judged is in the post's row, and not here.
/// </summary>
internal sealed class VerdictStore(ContentStore store) : IApprovedPosts
{
    /// <summary>One verdict per version and policy. The rendition is null for a bad post, and wiped when the post is deleted.</summary>
    public const string Migration = """
        CREATE TABLE verdict(
            post_id INTEGER NOT NULL,
            version INTEGER NOT NULL,
            policy TEXT NOT NULL,
            status TEXT NOT NULL,
            reason TEXT,
            rendition BLOB,
            decided_at INTEGER NOT NULL,
            UNIQUE (post_id, version, policy))
        """;

    private const string Good = "GOOD";
    private const string Bad = "BAD";

    /// <summary>The verdict on this version by this policy; null when there is none.</summary>
    public StoredVerdict? Find(long postId, int version, string policy) => store.Rows.Read(c => Find(c, postId, version, policy));

    /// <summary>
    /// Keeps a verdict and returns the one that counts from now on: an earlier one on the same version stays as it is.
    /// </summary>
    /// <param name="inspected">The post with what the judgement added, as it will be seen if the verdict is good.</param>
    /// <param name="verdict">What was decided.</param>
    /// <param name="policy">What the decision followed.</param>
    /// <param name="cancellationToken">Withdraws the write while it waits.</param>
    public Task<StoredVerdict> KeepAsync(InspectedPost inspected, Verdict verdict, string policy, CancellationToken cancellationToken)
    {
        var (post, isGood) = (inspected.Post, verdict.Status == VerdictStatus.Good);
        var rendition = isGood ? JsonSerializer.SerializeToUtf8Bytes(inspected, MessageJson.Wire.InspectedPost) : null;
        return store.Rows.WriteAsync(connection =>
        {
            // In this transaction, so that a verdict that comes after the deletion cannot bring the text back.
            var exists = connection.Number("SELECT EXISTS(SELECT * FROM post WHERE id = $1 AND deleted_at IS NULL)", post.Id) != 0;
            connection.Execute(
                "INSERT OR IGNORE INTO verdict(post_id, version, policy, status, reason, rendition, decided_at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
                post.Id, post.Version, policy, isGood ? Good : Bad, verdict.Reason, exists ? rendition : null, inspected.InspectedAt.ToMilliseconds());
            return Find(connection, post.Id, post.Version, policy)!;
        }, cancellationToken);
    }

    /// <summary>Within a deletion: nothing of the post's text stays where readers are served from.</summary>
    public static void WipeRenditions(StoreConnection connection, long postId) =>
        connection.Execute("UPDATE verdict SET rendition = NULL WHERE post_id = $1", postId);

    public ValueTask<PostRendition?> FindAsync(long id, CancellationToken cancellationToken) =>
        ValueTask.FromResult(store.Rows.Read(c => FindApproved(c, id)));

    public ValueTask<IReadOnlyDictionary<long, PostRendition>> FindAsync(IReadOnlyList<long> ids, CancellationToken cancellationToken)
    {
        var found = new Dictionary<long, PostRendition>(ids.Count);
        store.Rows.Read(connection =>
        {
            foreach (var id in ids)
            {
                if (FindApproved(connection, id) is { } rendition)
                    found[id] = rendition;
            }

            return found;
        });
        return ValueTask.FromResult<IReadOnlyDictionary<long, PostRendition>>(found);
    }

    private static StoredVerdict? Find(StoreConnection connection, long postId, int version, string policy) => connection.First(
        "SELECT status, rendition FROM verdict WHERE post_id = $1 AND version = $2 AND policy = $3",
        Read,
        postId, version, policy);

    /// <summary>The newest version that was judged decides, even when it was judged bad; of two policies the later judgement does.</summary>
    private static PostRendition? FindApproved(StoreConnection connection, long id)
    {
        var newest = connection.First(
            """
            SELECT verdict.status, verdict.rendition FROM verdict JOIN post ON post.id = verdict.post_id
            WHERE verdict.post_id = $1 AND post.deleted_at IS NULL
            ORDER BY verdict.version DESC, verdict.rowid DESC LIMIT 1
            """,
            Read,
            id);
        return newest?.Rendition is { } inspected ? PostRendition.Of(inspected) : null;
    }

    private static StoredVerdict Read(SqliteDataReader row) => new(
        row.GetString(0) == Good ? VerdictStatus.Good : VerdictStatus.Bad,
        row.IsDBNull(1) ? null : JsonSerializer.Deserialize(row.GetFieldValue<byte[]>(1), MessageJson.Wire.InspectedPost));
}
