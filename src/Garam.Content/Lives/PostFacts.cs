using Garam.Content.Cache;
using Garam.Content.Posts;
using Garam.Content.ReadModels;
using Garam.Outbox.Sqlite;

namespace Garam.Content.Lives;

/// <summary>All that is known of one post.</summary>
internal sealed record PostFacts(
    IReadOnlyList<PostVersion> Versions, IReadOnlyDictionary<int, KeptVerdict> Verdicts, CacheEntry? Cached, AppliedPost Feed, AppliedPost Index);

/// <summary>A verdict without the text that it is about.</summary>
internal sealed record KeptVerdict(bool IsGood, string? Reason, string Policy, DateTime At)
{
    /// <summary>By version. Of two policies the later judgement decides.</summary>
    public static Dictionary<int, KeptVerdict> Of(StoreConnection connection, long postId)
    {
        var verdicts = new Dictionary<int, KeptVerdict>();
        foreach (var (version, verdict) in connection.Query(
            "SELECT version, status = 'GOOD', reason, policy, decided_at FROM verdict WHERE post_id = $1 ORDER BY version, rowid",
            static row => (row.GetInt32(0), new KeptVerdict(
                row.GetBoolean(1), row.IsDBNull(2) ? null : row.GetString(2), row.GetString(3), StoredTime.FromMilliseconds(row.GetInt64(4)))),
            postId))
        {
            verdicts[version] = verdict;
        }

        return verdicts;
    }
}
