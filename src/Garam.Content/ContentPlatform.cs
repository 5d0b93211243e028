using Garam.Content.Cache;
using Garam.Content.Feed;
using Garam.Content.Http;
using Garam.Content.Inspection;
using Garam.Content.Lists;
using Garam.Content.Lives;
using Garam.Content.Moderation;
using Garam.Content.People;
using Garam.Content.Posts;
using Garam.Content.ReadModels;
using Garam.Content.Search;
using Garam.Messaging.Endpoints;
using Garam.Messaging.Preparation;
using Garam.Outbox;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Garam.Content;

/// <summary>The content platform in two verbs: its services, and its routes and workers.</summary>
public static class ContentPlatform
{
    /// <summary>Adds the stores, the moderator, the read models and the outbox relay. Needs <c>AddMessaging</c>.</summary>
    /// <remarks>A moderator that is registered before takes the place of the local one.</remarks>
    /// <exception cref="ArgumentException">An option is out of its range; the message names all that are.</exception>
    public static IServiceCollection AddContent(this IServiceCollection services, Action<ContentOptions> configure)
    {
        var options = new ContentOptions();
        configure(options);
        options.Validate();
        services.AddSingleton(options);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IModerator, LocalModerator>();
        services.AddSingleton(provider => ContentStore.Open(
            options.DataDirectory, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ContentStore>>()));
        services.AddSingleton<PostStore>();
        services.AddSingleton<PostHistory>();
        services.AddSingleton<PeopleDirectory>();
        services.AddSingleton<FollowStore>();
        services.AddSingleton<VerdictStore>();
        services.AddSingleton<IApprovedPosts>(provider => provider.GetRequiredService<VerdictStore>());
        services.AddSingleton<Inspector>();
        services.AddCache(options.CacheBytes);
        services.AddFeed(options.DataDirectory);
        services.AddSearch(options.DataDirectory);
        services.AddLives();
        services.AddHostedService<ContentStartup>();
        services.AddSingleton<IClusterPreparation, ContentTopicPreparation>();
        services.AddSingleton<IClusterPreparation, StoreCheck>();
        services.AddSingleton<IClusterPreparation, ReadModelRebuild>();
        services.AddOutboxRelay(provider => provider.GetRequiredService<ContentStore>().Outbox);

        // Without it a request that cannot be bound is answered by an empty 400; with it, by what UnreadableRequests makes of it.
        services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        return services;
    }

    /// <summary>Maps the HTTP routes and the endpoints of the workers.</summary>
    /// <exception cref="Garam.Outbox.Sqlite.StoreInUseException">Another process has the data directory.</exception>
    public static WebApplication MapContent(this WebApplication app)
    {
        // Opened now, so that a store that cannot be used stops the program before it says that it is ready.
        app.Services.GetRequiredService<ContentStore>();
        app.MapRoutes();
        app.MapWorkers();
        return app;
    }

    private static void MapRoutes(this WebApplication app)
    {
        var routes = app.MapGroup("");
        routes.MapPosts();
        routes.MapLives();
        routes.MapPeople();
        routes.MapLists();
        routes.ExplainUnreadableRequests();
    }

    private static void MapWorkers(this WebApplication app)
    {
        var options = app.Services.GetRequiredService<ContentOptions>();
        var inspector = app.Services.GetRequiredService<Inspector>();
        app.MapTopicGroup(Inspector.Group)
            .MapTopic(ContentTopics.OriginalPosts, inspector.HandleAsync)
            .WithConcurrency(options.InspectionConcurrency)
            .Unless<InvalidMessageException>()
            .DeadLetter();
        app.MapCache();
        app.MapFeed();
        app.MapSearch();
    }
}
