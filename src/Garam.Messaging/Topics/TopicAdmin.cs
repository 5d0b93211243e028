namespace Garam.Messaging.Topics;

internal sealed class TopicAdmin : ITopicAdmin
{
    public Task EnsureTopicsAsync(IReadOnlyList<TopicDefinition> topics, CancellationToken cancellationToken) => throw new NotImplementedException();
}
