using Garam.Messaging.Preparation;
using Garam.Messaging.Topics;

namespace Garam.Content;

/// <summary>Creates the topics of the platform before anything is relayed to them or read from them.</summary>
internal sealed class ContentTopicPreparation(ContentOptions options, ITopicAdmin topics) : IClusterPreparation
{
    /// <summary>Every read model can be rebuilt from the topics, so nothing in them is ever deleted.</summary>
    private static readonly IReadOnlyDictionary<string, string> Forever = new Dictionary<string, string> { ["retention.ms"] = "-1" };

    public string Name => "topics of the content platform";

    public Task PrepareAsync(CancellationToken cancellationToken)
    {
        string[] names = [ContentTopics.OriginalPosts, ContentTopics.InspectedPosts, ContentTopics.FollowChanges];
        return topics.EnsureTopicsAsync([.. names.Select(name => new TopicDefinition(name, options.Partitions, Forever))], cancellationToken);
    }
}
