using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Garam.Content.Lists;

namespace Garam.Content.Feed;

/// <summary>A post in an inbox, and its place there: the newest first, of the same time the higher id.</summary>
/// <param name="CreatedAt">When the post was written, in milliseconds since 1970, UTC.</param>
/// <param name="PostId">The post.</param>
internal readonly record struct FeedEntry(long CreatedAt, long PostId) : IListPlace<FeedEntry>
{
    public static FeedEntry Top { get; } = new(long.MaxValue, long.MaxValue);

    /// <summary><c>1767225600000-42</c></summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{CreatedAt}-{PostId}");

    public static FeedEntry Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var entry) ? entry : throw new FormatException($"'{s}' is no place in an inbox.");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out FeedEntry result)
    {
        result = default;
        if (s?.Split('-') is not [var time, var post]
            || !long.TryParse(time, NumberStyles.None, provider, out var createdAt)
            || !long.TryParse(post, NumberStyles.None, provider, out var postId))
        {
            return false;
        }

        result = new FeedEntry(createdAt, postId);
        return true;
    }
}
