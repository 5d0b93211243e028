using Garam.Content.Cache;
using Garam.Content.Http;
using Garam.Content.Messages;
using Garam.Content.People;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Garam.Content.Posts;

/// <summary>Writing, editing, deleting and reading a post.</summary>
internal static class PostRoutes
{
    public static void MapPosts(this IEndpointRouteBuilder routes)
    {
        var posts = routes.MapGroup("/posts").WithTags("Posts");
        posts.MapPost("", CreateAsync).WithName("createContent").WithSummary("Writes a post. It is seen once it was judged.");
        posts.MapPut("/{id:long}", UpdateAsync).WithName("updateContent").WithSummary("Edits a post. The approved version stays until the edit was judged.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        posts.MapDelete("/{id:long}", DeleteAsync).WithName("deleteContent").WithSummary("Deletes a post, everywhere and for good.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        posts.MapGet("/{id:long}/detail", DetailAsync).WithName("getContentDetail").WithSummary("A post as readers see it.")
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<Results<Created<OriginalPost>, ValidationProblem>> CreateAsync(
        PostDraft draft, PostStore posts, PeopleDirectory directory, CancellationToken cancellationToken)
    {
        var errors = draft.Errors(directory, author: null);
        if (errors.Count > 0)
            return Problems.Invalid(errors);
        var post = await posts.CreateAsync(draft, cancellationToken);
        return TypedResults.Created($"/posts/{post.Id}/detail", post);
    }

    private static async Task<Results<Ok<OriginalPost>, ValidationProblem, ProblemHttpResult>> UpdateAsync(
        long id, PostDraft draft, PostStore posts, PeopleDirectory directory, CancellationToken cancellationToken)
    {
        if (posts.Find(id) is not { } before)
            return NoSuchPost(id);
        var errors = draft.Errors(directory, before.UserId);
        if (errors.Count > 0)
            return Problems.Invalid(errors);
        return await posts.UpdateAsync(id, draft, cancellationToken) is { } post ? TypedResults.Ok(post) : NoSuchPost(id);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        long id, PostStore posts, VisiblePosts visible, CancellationToken cancellationToken)
    {
        if (await posts.DeleteAsync(id, cancellationToken) is not { } version)
            return NoSuchPost(id);

        // The event comes later and does the same for every process: whoever was answered here must not see the post again meanwhile.
        await visible.RenewAsync(id, version, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<Results<Ok<PostDetail>, ProblemHttpResult>> DetailAsync(
        long id, IVisiblePosts posts, PeopleDirectory directory, CancellationToken cancellationToken) =>
        await posts.FindAsync(id, cancellationToken) is { } post
            ? TypedResults.Ok(PostDetail.Of(post, directory.UserName(post.UserId)))
            : Problems.NotFound($"There is no post {id} that can be seen: it is not judged yet, was judged bad, was deleted, or never was.");

    private static ProblemHttpResult NoSuchPost(long id) => Problems.NotFound($"There is no post {id}, or not any more.");
}
