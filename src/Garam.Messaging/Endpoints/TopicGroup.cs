namespace Garam.Messaging.Endpoints;

/// <summary>A consumer group and the topics that this process handles in its name. One Kafka consumer reads them all.</summary>
public sealed class TopicGroup
{
    private readonly List<TopicEndpoint> _endpoints = [];

    internal TopicGroup(string name) => Name = name;

    /// <summary>The group's id.</summary>
    public string Name { get; }

    internal IReadOnlyList<TopicEndpoint> Endpoints => _endpoints;

    /// <summary>
    /// Handles every record of <paramref name="topic"/> by <paramref name="handler"/>. Its parameters are bound once, at the start:
    /// one of them is the record's value (JSON; bytes and text as they are), the others may be a <see cref="RecordContext"/>, a
    /// <see cref="CancellationToken"/>, services, and what <see cref="FromKeyAttribute"/> and <see cref="FromHeaderAttribute"/> mark.
    /// The record is done when it returns, or when the <see cref="Task"/> or <see cref="ValueTask"/> that it returns completes.
    /// </summary>
    /// <remarks>A group starts at the oldest record that it has not committed.</remarks>
    public TopicEndpoint MapTopic(string topic, Delegate handler)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(topic);
        ArgumentNullException.ThrowIfNull(handler);
        var endpoint = new TopicEndpoint(this, topic, handler);
        _endpoints.Add(endpoint);
        return endpoint;
    }
}
