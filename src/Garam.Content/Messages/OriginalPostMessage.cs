namespace Garam.Content.Messages;

/// <summary>
/// A post was written, edited or deleted, as its author did it: nobody has judged it yet.
/// Topic <see cref="ContentTopics.OriginalPosts"/>, key = the post's id as text.
/// </summary>
/// <param name="Id">The post.</param>
/// <param name="Version">1 for the creation, one more for each edit and for the deletion. Of two messages the higher version is the newer.</param>
/// <param name="Payload">The post at this version; null for a deletion.</param>
/// <param name="OperationType">What was done.</param>
public sealed record OriginalPostMessage(long Id, int Version, OriginalPost? Payload, OperationType OperationType);

/// <summary>A post as its author wrote it. Times are UTC, to the millisecond.</summary>
public sealed record OriginalPost(
    long Id,
    int Version,
    string Title,
    string Content,
    long UserId,
    long CategoryId,
    DateTime CreatedAt,
    DateTime UpdatedAt,
    DateTime? DeletedAt);
