namespace Garam.Content;

/// <summary>The topics through which the parts of the platform meet.</summary>
public static class ContentTopics
{
    /// <summary>Posts as they were written. Key = post id.</summary>
    public const string OriginalPosts = "post.original";

    /// <summary>Posts as they may be seen. Key = post id.</summary>
    public const string InspectedPosts = "post.inspected";

    /// <summary>Who follows whom. Key = the follower's id.</summary>
    public const string FollowChanges = "follow.changed";
}
