using Garam.Content.Lists;

namespace Garam.Content.Search;

/// <summary>Visible posts by what is written in them: title hits first, then the newest.</summary>
internal sealed class PostSearch(SearchIndex index, IVisiblePosts posts)
{
    /// <param name="keyword">Words that must all be in a post's title, content, category or tags. Two syllables find any word that contains them.</param>
    /// <param name="request">Which page.</param>
    /// <param name="cancellationToken">Ends the reading between chunks.</param>
    /// <exception cref="InvalidKeywordException">There is nothing to look for in the keyword, or too much.</exception>
    /// <exception cref="InvalidCursorException">The cursor is none of a search.</exception>
    public Task<PostPage> FindAsync(string keyword, PageRequest request, CancellationToken cancellationToken)
    {
        var query = SearchQuery.Parse(keyword);
        return VisibleList.ReadAsync<SearchHit>(posts, request, (after, count) => index.Find(query, after, count), cancellationToken);
    }
}
