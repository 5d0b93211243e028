using Garam.Content.Lists;

namespace Garam.Content.Search;

/// <summary>Visible posts by what is written in them: title hits first, then the newest.</summary>
internal sealed class PostSearch(SearchIndex index, IVisiblePosts posts)
{
    public Task<PostPage> FindAsync(SearchQuery query, PageRequest<SearchHit> request, CancellationToken cancellationToken) =>
        VisibleList.ReadAsync(posts, request, (after, count) => index.Find(query, after, count), cancellationToken);
}
