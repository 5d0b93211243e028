using System.Globalization;
using Garam.Content.Http;
using Garam.Content.Lists;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Garam.Content.People;

/// <summary>Users, categories, and who follows whom.</summary>
internal static class PeopleRoutes
{
    public static void MapPeople(this IEndpointRouteBuilder routes)
    {
        var people = routes.MapGroup("").WithTags("People");
        people.MapGet("/users", (PeopleDirectory directory) => All(directory.Users)).WithName("listUsers").WithSummary("All users.");
        people.MapGet("/users/{id:long}", GetUser).WithName("getUser").WithSummary("One user.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        people.MapGet("/categories", (PeopleDirectory directory) => All(directory.Categories)).WithName("listCategories").WithSummary("All categories.");
        people.MapGet("/categories/{id:long}", GetCategory).WithName("getCategory").WithSummary("One category.")
            .ProducesProblem(StatusCodes.Status404NotFound);
        people.MapGet("/followers", Followers).WithName("listFollowers").WithSummary("Who follows a user, by id.");
        people.MapGet("/followings", Followings).WithName("listFollowings").WithSummary("Whom a user follows, by id.");
        people.MapPost("/follows", FollowAsync).WithName("follow").WithSummary("Begins to follow a user; 200 instead of 201 when it was so already.");
        people.MapDelete("/follows", UnfollowAsync).WithName("unfollow").WithSummary("Ceases to follow a user.")
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static Ok<ListAnswer<T>> All<T>(IEnumerable<T> items) => TypedResults.Ok(new ListAnswer<T>([.. items], Next: null));

    private static Results<Ok<User>, ProblemHttpResult> GetUser(long id, PeopleDirectory directory) =>
        directory.UserName(id) is { } name ? TypedResults.Ok(new User(id, name)) : Problems.NotFound($"There is no user {id}: see GET /users.");

    private static Results<Ok<Category>, ProblemHttpResult> GetCategory(long id, PeopleDirectory directory) =>
        directory.CategoryName(id) is { } name ? TypedResults.Ok(new Category(id, name)) : Problems.NotFound($"There is no category {id}: see GET /categories.");

    private static Results<Ok<ListAnswer<User>>, ValidationProblem> Followers(
        long? followingId, [AsParameters] PageQuery query, FollowStore follows, PeopleDirectory directory) =>
        Users("followingId", followingId, query, directory, follows.Followers);

    private static Results<Ok<ListAnswer<User>>, ValidationProblem> Followings(
        long? followerId, [AsParameters] PageQuery query, FollowStore follows, PeopleDirectory directory) =>
        Users("followerId", followerId, query, directory, follows.Followings);

    private static Results<Ok<ListAnswer<User>>, ValidationProblem> Users(
        string field, long? id, PageQuery query, PeopleDirectory directory, Func<long, long, int, List<long>> read)
    {
        var errors = query.Errors();
        NoteUnknownUser(errors, field, id, directory);
        if (!long.TryParse(query.Cursor ?? "0", NumberStyles.None, CultureInfo.InvariantCulture, out var after))
            errors["cursor"] = ["is not a cursor of this list: send the 'next' of the page before, unchanged."];
        if (errors.Count > 0)
            return Problems.Invalid(errors);

        // One more than asked for tells whether there is a next page.
        var ids = read(id!.Value, after, query.SizeOrDefault + 1);
        var page = ids.Take(query.SizeOrDefault).Select(user => new User(user, directory.UserName(user) ?? "")).ToList();
        return TypedResults.Ok(new ListAnswer<User>(page, ids.Count > page.Count ? page[^1].Id.ToString(CultureInfo.InvariantCulture) : null));
    }

    private static async Task<Results<Created<FollowDraft>, Ok<FollowDraft>, ValidationProblem>> FollowAsync(
        FollowDraft follow, FollowStore follows, PeopleDirectory directory, CancellationToken cancellationToken)
    {
        var errors = Errors(follow.FollowerId, follow.FollowingId, directory);
        if (errors.Count > 0)
            return Problems.Invalid(errors);
        return await follows.FollowAsync(follow.FollowerId!.Value, follow.FollowingId!.Value, cancellationToken)
            ? TypedResults.Created($"/followings?followerId={follow.FollowerId}", follow)
            : TypedResults.Ok(follow);
    }

    private static async Task<Results<NoContent, ProblemHttpResult, ValidationProblem>> UnfollowAsync(
        long? followerId, long? followingId, FollowStore follows, PeopleDirectory directory, CancellationToken cancellationToken)
    {
        var errors = Errors(followerId, followingId, directory);
        if (errors.Count > 0)
            return Problems.Invalid(errors);
        return await follows.UnfollowAsync(followerId!.Value, followingId!.Value, cancellationToken)
            ? TypedResults.NoContent()
            : Problems.NotFound($"User {followerId} does not follow user {followingId}.");
    }

    private static Dictionary<string, string[]> Errors(long? followerId, long? followingId, PeopleDirectory directory)
    {
        var errors = new Dictionary<string, string[]>();
        NoteUnknownUser(errors, "followerId", followerId, directory);
        NoteUnknownUser(errors, "followingId", followingId, directory);
        if (errors.Count == 0 && followerId == followingId)
            errors["followingId"] = ["is the follower: send another user's id."];
        return errors;
    }

    private static void NoteUnknownUser(Dictionary<string, string[]> errors, string field, long? id, PeopleDirectory directory)
    {
        if (id is null)
            errors[field] = ["is missing: send the id of one of GET /users."];
        else if (directory.UserName(id.Value) is null)
            errors[field] = [$"is {id}, and there is no such user: send the id of one of GET /users."];
    }
}

/// <summary>Who will follow whom.</summary>
/// <param name="FollowerId">Who reads. Required.</param>
/// <param name="FollowingId">Whose posts. Required, and another user.</param>
public sealed record FollowDraft(long? FollowerId, long? FollowingId);
