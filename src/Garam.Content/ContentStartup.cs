using Garam.Content.Moderation;
using Garam.Content.People;
using Garam.Messaging.Topics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Garam.Content;

/// <summary>What must be there before the first request and the first record: topics, and in a new store the first-look data.</summary>
internal sealed class ContentStartup(ContentStore store, ContentOptions options, ITopicAdmin topics, IModerator moderator, ILogger<ContentStartup> logger)
    : IHostedLifecycleService
{
    /// <summary>The topics are the truth that every read model can be rebuilt from: nothing in them is ever deleted.</summary>
    private static readonly Dictionary<string, string> Forever = new() { ["retention.ms"] = "-1" };

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        logger.ModerationPolicy(moderator.Policy);
        if (await FirstLookData.WriteIfEmptyAsync(store, cancellationToken))
            logger.FirstLookDataWritten();
        string[] names = [ContentTopics.OriginalPosts, ContentTopics.InspectedPosts, ContentTopics.FollowChanges];
        await topics.EnsureTopicsAsync([.. names.Select(name => new TopicDefinition(name, options.Partitions, Forever))], cancellationToken);
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
