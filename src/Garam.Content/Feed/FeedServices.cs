using Garam.Content.Messages;
using Garam.Content.Posts;
using Garam.Content.ReadModels;
using Garam.Messaging.Endpoints;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Garam.Content.Feed;

/// <summary>The inboxes in two verbs.</summary>
internal static class FeedServices
{
    internal const string Group = "subscribing-post-consumer-group";

    /// <param name="services">Where to.</param>
    /// <param name="directory">Where feed.db is.</param>
    public static IServiceCollection AddFeed(this IServiceCollection services, string directory) => services
        .AddSingleton(provider => FeedStore.Open(
            Path.Combine(directory, "feed.db"), provider.GetRequiredService<TimeProvider>(), logger: provider.GetRequiredService<ILogger<FeedStore>>()))
        .AddSingleton(provider => new ReadModel(provider.GetRequiredService<FeedStore>().Store, Group, FeedSchema.Clear, FeedSchema.HighestPostId))
        .AddSingleton<Inboxes>();

    /// <summary>Posts and follows come through one group: an inbox is computed from both, and rebuilt from both.</summary>
    public static void MapFeed(this IHost app)
    {
        var feed = app.Services.GetRequiredService<FeedStore>();
        var history = app.Services.GetRequiredService<PostHistory>();
        var group = app.MapTopicGroup(Group);
        group.MapTopic(ContentTopics.InspectedPosts, (InspectedPostMessage message, RecordContext record, CancellationToken cancellationToken) =>
                history.Contradicts(message) ? Task.CompletedTask : feed.ApplyAsync(message, record.Position, cancellationToken))
            .WithConcurrency(ReadModel.Lanes)
            .DeadLetter();
        group.MapTopic(ContentTopics.FollowChanges, (FollowMessage message, CancellationToken cancellationToken) =>
                history.Contradicts(message) ? Task.CompletedTask : feed.ApplyAsync(message, cancellationToken))
            .WithConcurrency(ReadModel.Lanes)
            .DeadLetter();
    }
}
