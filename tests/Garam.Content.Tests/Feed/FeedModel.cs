using Garam.Content.Messages;

namespace Garam.Content.Tests.Feed;

/// <summary>What the inboxes must be, told in the plainest way: the highest version of everything, joined and cut.</summary>
internal sealed class FeedModel(int capacity)
{
    private readonly Dictionary<long, InspectedPostMessage> _posts = [];
    private readonly Dictionary<(long, long), FollowMessage> _follows = [];

    public void Apply(object message)
    {
        switch (message)
        {
            case InspectedPostMessage post when !_posts.TryGetValue(post.Id, out var known) || post.Version >= known.Version:
                _posts[post.Id] = post;
                break;
            case FollowMessage follow when !_follows.TryGetValue((follow.FollowerId, follow.FollowingId), out var known) || follow.Version >= known.Version:
                _follows[(follow.FollowerId, follow.FollowingId)] = follow;
                break;
        }
    }

    public List<long> Inbox(long follower)
    {
        var followings = _follows.Values.Where(follow => follow.FollowerId == follower && follow.OperationType == OperationType.Create)
            .Select(follow => follow.FollowingId).ToHashSet();
        return [.. _posts.Values.Where(post => post.Payload is not null && followings.Contains(post.Payload.Post.UserId))
            .OrderByDescending(post => post.Payload!.Post.CreatedAt).ThenByDescending(post => post.Id)
            .Select(post => post.Id).Take(capacity)];
    }
}
