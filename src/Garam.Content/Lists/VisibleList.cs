namespace Garam.Content.Lists;

/// <summary>
/// Pages of a list of ids, shown as the posts that may be seen now. A list may know a post that is hidden by now (its event is still on
/// the way, or the list is being rebuilt from the log): the post is left out and the page filled with those behind it.
/// </summary>
internal static class VisibleList
{
    /// <summary>Bounds what one look into the list and one question to <see cref="IVisiblePosts"/> can cost.</summary>
    private const int MaxChunk = 200;

    /// <param name="posts">What may be seen.</param>
    /// <param name="request">Which page.</param>
    /// <param name="read">The places that follow one, at most so many; fewer only at the list's end.</param>
    /// <param name="cancellationToken">Ends the reading between chunks.</param>
    public static async Task<PostPage> ReadAsync<TPlace>(
        IVisiblePosts posts, PageRequest<TPlace> request, Func<TPlace, int, List<TPlace>> read, CancellationToken cancellationToken)
        where TPlace : IListPlace<TPlace>
    {
        var (at, last) = (request.After, request.After);
        var toSkip = (long)request.Page * request.Size;
        var items = new List<PostRendition>(request.Size);
        while (true)
        {
            // One more than wanted: whether there is a next page is only known by a visible post behind this one.
            var chunk = (int)Math.Min(toSkip + request.Size - items.Count + 1, MaxChunk);
            var places = read(at, chunk);
            var visible = await posts.FindAsync([.. places.Select(place => place.PostId)], cancellationToken).ConfigureAwait(false);
            foreach (var place in places)
            {
                if (!visible.TryGetValue(place.PostId, out var post))
                {
                    continue;
                }

                if (toSkip > 0)
                {
                    toSkip--;
                }
                else if (items.Count == request.Size)
                {
                    return new PostPage(items, last.ToString());
                }
                else
                {
                    items.Add(post);
                    last = place;
                }
            }

            if (places.Count < chunk)
            {
                return new PostPage(items, null);
            }

            at = places[^1];
        }
    }
}
