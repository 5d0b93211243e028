using Garam.Content.Lists;

namespace Garam.Content.Feed;

/// <summary>What a user reads of those whom he follows, the newest first.</summary>
internal sealed class Inboxes(FeedStore feed, IVisiblePosts posts)
{
    public Task<PostPage> ReadAsync(long userId, PageRequest<FeedEntry> request, CancellationToken cancellationToken) =>
        VisibleList.ReadAsync(posts, request, (after, count) => feed.Read(userId, after, count), cancellationToken);
}
