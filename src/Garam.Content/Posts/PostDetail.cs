namespace Garam.Content.Posts;

/// <summary>A post as a reader sees it: the version that was judged last, with what the judgement added. Times are UTC; <c>updated</c> says whether it was edited.</summary>
public sealed record PostDetail(
    long Id,
    int Version,
    string Title,
    string Content,
    string? UserName,
    string CategoryName,
    IReadOnlyList<string> Tags,
    DateTime CreatedAt,
    DateTime UpdatedAt,
    bool Updated)
{
    internal static PostDetail Of(PostRendition post, string? userName) => new(
        post.Id,
        post.Version,
        post.Title,
        post.Content,
        userName,
        post.CategoryName,
        post.Tags,
        post.CreatedAt,
        post.UpdatedAt,
        Updated: post.UpdatedAt != post.CreatedAt);
}
