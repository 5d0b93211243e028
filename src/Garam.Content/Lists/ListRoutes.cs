using System.ComponentModel;
using Garam.Content.Feed;
using Garam.Content.Http;
using Garam.Content.People;
using Garam.Content.Search;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Garam.Content.Lists;

/// <summary>Visible posts by whom a user follows, and by what is written in them.</summary>
internal static class ListRoutes
{
    private const string PageDescription = "The n-th page from 0, in place of a cursor. Pages shift while posts come and go; cursors do not.";

    public static void MapLists(this IEndpointRouteBuilder routes)
    {
        var lists = routes.MapGroup("/list").WithTags("Lists");
        lists.MapGet("/inbox/{userId:long}", InboxAsync).WithName("listSubscribedContent")
            .WithSummary("The newest posts of those whom a user follows.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        lists.MapGet("/search", SearchAsync).WithName("searchContent")
            .WithSummary("Posts that hold every word of the keyword: those with all of them in the title first, then the newest.");
    }

    private static async Task<Results<Ok<ListAnswer<PostInList>>, ValidationProblem, ProblemHttpResult>> InboxAsync(
        long userId,
        [AsParameters] PageQuery query,
        [Description(PageDescription)] int? page,
        Inboxes inboxes,
        PeopleDirectory directory,
        CancellationToken cancellationToken)
    {
        if (directory.UserName(userId) is null)
            return Problems.NotFound($"There is no user {userId}: see GET /users.");
        var errors = new Dictionary<string, string[]>();
        var request = query.ToRequest<FeedEntry>(page, errors);
        if (errors.Count > 0)
            return Problems.Invalid(errors);
        return Answer(await inboxes.ReadAsync(userId, request, cancellationToken), directory);
    }

    private static async Task<Results<Ok<ListAnswer<PostInList>>, ValidationProblem>> SearchAsync(
        [Description("Words to look for. Two syllables find every word that contains them.")] string? keyword,
        [AsParameters] PageQuery query,
        [Description(PageDescription)] int? page,
        PostSearch search,
        PeopleDirectory directory,
        CancellationToken cancellationToken)
    {
        var errors = new Dictionary<string, string[]>();
        var request = query.ToRequest<SearchHit>(page, errors);
        if (!SearchQuery.TryParse(keyword, out var words, out var error))
            errors["keyword"] = [error];
        if (errors.Count > 0)
            return Problems.Invalid(errors);
        return Answer(await search.FindAsync(words!, request, cancellationToken), directory);
    }

    private static Ok<ListAnswer<PostInList>> Answer(PostPage page, PeopleDirectory directory) => TypedResults.Ok(new ListAnswer<PostInList>(
        [.. page.Items.Select(post => new PostInList(post.Id, post.Title, directory.UserName(post.UserId), post.CreatedAt))],
        page.Next));
}
