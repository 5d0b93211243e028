using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Garam.Content.Lists;

namespace Garam.Content.Search;

/// <summary>
/// A found post, and its place in the order of results: title hits first, then the newest. No score is in it, as scores change with
/// every post that comes or goes.
/// </summary>
/// <param name="InTitle">Every word of the query is in the title.</param>
/// <param name="PostId">Ids rise with time.</param>
internal readonly record struct SearchHit(bool InTitle, long PostId) : IListPlace<SearchHit>
{
    private const string Title = "title", Text = "text";

    public static SearchHit Top { get; } = new(true, long.MaxValue);

    /// <summary><c>title-42</c> or <c>text-42</c></summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(InTitle ? Title : Text)}-{PostId}");

    public static SearchHit Parse(string s, IFormatProvider? provider) =>
        TryParse(s, provider, out var hit) ? hit : throw new FormatException($"'{s}' is no place in a list of hits.");

    public static bool TryParse([NotNullWhen(true)] string? s, IFormatProvider? provider, out SearchHit result)
    {
        result = default;
        if (s?.Split('-') is not [Title or Text, var post] parts || !long.TryParse(post, NumberStyles.None, provider, out var postId))
        {
            return false;
        }

        result = new SearchHit(parts[0] == Title, postId);
        return true;
    }
}
