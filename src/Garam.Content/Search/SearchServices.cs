using Garam.Content.Messages;
using Garam.Content.Posts;
using Garam.Content.ReadModels;
using Garam.Messaging.Endpoints;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Garam.Content.Search;

/// <summary>The search in two verbs.</summary>
internal static class SearchServices
{
    internal const string Group = "indexing-post-consumer-group";

    /// <param name="services">Where to.</param>
    /// <param name="directory">Where search.db is.</param>
    public static IServiceCollection AddSearch(this IServiceCollection services, string directory) => services
        .AddSingleton(provider => SearchIndex.Open(
            Path.Combine(directory, "search.db"), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<SearchIndex>>()))
        .AddSingleton(provider => new ReadModel(provider.GetRequiredService<SearchIndex>().Store, Group, SearchIndex.Clear, SearchIndex.HighestPostId))
        .AddSingleton<PostSearch>();

    public static void MapSearch(this IHost app)
    {
        var index = app.Services.GetRequiredService<SearchIndex>();
        var history = app.Services.GetRequiredService<PostHistory>();
        app.MapTopicGroup(Group)
            .MapTopic(ContentTopics.InspectedPosts, (InspectedPostMessage message, RecordContext record, CancellationToken cancellationToken) =>
                history.Contradicts(message) ? Task.CompletedTask : index.ApplyAsync(message, record.Position, cancellationToken))
            .WithConcurrency(ReadModel.Lanes)
            .DeadLetter();
    }
}
