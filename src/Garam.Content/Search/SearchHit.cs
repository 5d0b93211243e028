namespace Garam.Content.Search;

/// <summary>
/// A found post, and its place in the order of results: title hits first, then the newest. The place does not depend on what
/// other posts there are, so reading on after a hit neither repeats nor skips while posts come and go.
/// </summary>
/// <param name="InTitle">Every word of the query is in the title.</param>
/// <param name="PostId">Ids rise with time.</param>
internal readonly record struct SearchHit(bool InTitle, long PostId);
