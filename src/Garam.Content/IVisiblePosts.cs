namespace Garam.Content;

/// <summary>What readers may see. Every read path asks here, so that there is one rule for all of them.</summary>
public interface IVisiblePosts
{
    /// <summary>The post as it may be seen now, or null.</summary>
    ValueTask<PostRendition?> FindAsync(long id, CancellationToken cancellationToken);

    /// <summary>Those of <paramref name="ids"/> that may be seen now.</summary>
    ValueTask<IReadOnlyDictionary<long, PostRendition>> FindAsync(IReadOnlyList<long> ids, CancellationToken cancellationToken);
}

/// <summary>
/// The truth behind <see cref="IVisiblePosts"/>: of each post that is not deleted, the version that was judged last, if it was judged good.
/// </summary>
public interface IApprovedPosts
{
    /// <summary>The approved post, or null: never judged, judged bad, deleted, or not there.</summary>
    ValueTask<PostRendition?> FindAsync(long id, CancellationToken cancellationToken);

    /// <summary>Those of <paramref name="ids"/> that are approved.</summary>
    ValueTask<IReadOnlyDictionary<long, PostRendition>> FindAsync(IReadOnlyList<long> ids, CancellationToken cancellationToken);
}
