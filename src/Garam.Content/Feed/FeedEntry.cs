namespace Garam.Content.Feed;

/// <summary>A post in an inbox, and its place there: the newest first, of the same time the higher id.</summary>
/// <param name="CreatedAt">When the post was written, in milliseconds since 1970, UTC.</param>
/// <param name="PostId">The post.</param>
internal readonly record struct FeedEntry(long CreatedAt, long PostId)
{
    /// <summary>Comes before every entry.</summary>
    public static readonly FeedEntry Top = new(long.MaxValue, long.MaxValue);
}
