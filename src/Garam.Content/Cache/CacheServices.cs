using Garam.Content.Messages;
using Garam.Messaging.Endpoints;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Garam.Content.Cache;

/// <summary>The visible posts in memory, in two verbs.</summary>
internal static class CacheServices
{
    internal const string Group = "cache-post-consumer-group";

    /// <param name="services">Where to.</param>
    /// <param name="maxBytes">Memory for posts.</param>
    public static IServiceCollection AddCache(this IServiceCollection services, long maxBytes) => services
        .AddSingleton(provider => new VisiblePosts(provider.GetRequiredService<IApprovedPosts>(), maxBytes, provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<IVisiblePosts>(provider => provider.GetRequiredService<VisiblePosts>());

    /// <summary>After a restart the cache is empty and the group goes on where it stood: what it has missed is nowhere to be stale.</summary>
    public static void MapCache(this IHost app)
    {
        var posts = app.Services.GetRequiredService<VisiblePosts>();
        app.MapTopicGroup(Group)
            .MapTopic(
                ContentTopics.InspectedPosts,
                (InspectedPostMessage message, CancellationToken cancellationToken) => posts.RenewAsync(message.Id, message.Version, cancellationToken))
            .DeadLetter();
    }
}
