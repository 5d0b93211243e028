using Garam.Content.Lists;

namespace Garam.Content.Feed;

/// <summary>What a user reads of those whom he follows, the newest first.</summary>
internal sealed class Inboxes(FeedStore feed, IVisiblePosts posts)
{
    /// <exception cref="InvalidCursorException">The cursor is none of an inbox.</exception>
    public Task<PostPage> ReadAsync(long userId, PageRequest request, CancellationToken cancellationToken) =>
        VisibleList.ReadAsync<FeedEntry>(posts, request, (after, count) => feed.Read(userId, after, count), cancellationToken);
}
