using Garam.Content.Messages;

namespace Garam.Content.Posts;

/// <summary>
/// Tells messages of the history that content.db has from those of one that was lost when it was restored from a copy. What was lost stays
/// in the log
/// for ever, and its versions are given again to other edits.
/// </summary>
internal sealed class PostHistory(ContentStore store)
{
    public bool Contradicts(OriginalPostMessage message) => Contradicts(message.Id, message.Version, message.Payload?.UpdatedAt);

    public bool Contradicts(InspectedPostMessage message) => Contradicts(message.Id, message.Version, message.Payload?.Post.UpdatedAt);

    /// <summary>Whether the store has not come to this version of the pair, or has never heard of it.</summary>
    public bool Contradicts(FollowMessage message) => store.Rows.Read(connection => connection.Number(
        "SELECT count(*) FROM follow WHERE follower_id = $1 AND following_id = $2 AND version >= $3",
        message.FollowerId, message.FollowingId, message.Version)) == 0;

    private bool Contradicts(long postId, int version, DateTime? writtenAt) =>
        store.Rows.Read(connection => PostVersions.Contradict(connection, postId, version, writtenAt));
}
