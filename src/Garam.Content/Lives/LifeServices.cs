using Garam.Content.Cache;
using Garam.Content.Feed;
using Garam.Content.Http;
using Garam.Content.People;
using Garam.Content.Search;
using Garam.Messaging.Health;
using Garam.Outbox;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Garam.Content.Lives;

/// <summary>The lives of posts in two verbs.</summary>
internal static class LifeServices
{
    public static IServiceCollection AddLives(this IServiceCollection services) => services.AddSingleton(provider => new PostLives(
        provider.GetRequiredService<ContentStore>(),
        provider.GetRequiredService<PeopleDirectory>(),
        provider.GetRequiredService<VisiblePosts>(),
        provider.GetRequiredService<FeedStore>(),
        provider.GetRequiredService<SearchIndex>(),
        new Standings(provider.GetRequiredService<EndpointStates>(), provider.GetRequiredService<TimeProvider>()),
        provider.GetRequiredService<OutboxHealth>()));

    public static void MapLives(this IEndpointRouteBuilder routes) => routes.MapGet("/posts/{id:long}/life", Find)
        .WithTags("Posts").WithName("getContentLife")
        .WithSummary("What became of a post, version by version: written, relayed, moderated, cached, fanned out, indexed, each with its time.")
        .ProducesProblem(StatusCodes.Status404NotFound);

    private static Results<Ok<PostLife>, ProblemHttpResult> Find(long id, PostLives lives) =>
        lives.Find(id) is { } life ? TypedResults.Ok(life) : Problems.NotFound($"There never was a post {id}.");
}
