using Garam.Broker.Configuration;
using Garam.Broker.Topics;
using Garam.Kafka;
using Garam.Kafka.Messages;
using static Garam.Kafka.Messages.MetadataResponse;

namespace Garam.Broker.Apis;

/// <summary>Which nodes and topics there are. The node's address is one that this client can reach: see <see cref="ClientConnection.Endpoint"/>.</summary>
internal sealed class MetadataApi(BrokerServices broker, TopicAutoCreation autoCreation) : Api<MetadataRequest, MetadataResponse>(ApiKey.Metadata, 0, 13)
{
    protected override ValueTask<MetadataResponse?> HandleAsync(MetadataRequest request, RequestContext context)
    {
        var asksForAll = request.Topics is null || (context.Version == 0 && request.Topics.Count == 0);
        var response = Cluster(request, context);
        if (asksForAll)
        {
            foreach (var topic in broker.Topics.All.OrderBy(topic => topic.Name, StringComparer.Ordinal)) response.Topics.Add(Describe(topic, request, context));
            return new(response);
        }
        var mayCreate = (context.Version < 4 || request.AllowAutoTopicCreation) && broker.Config.Get(BrokerConfigs.AutoCreateTopics);
        // Named once or a million times, a topic is described once, as in Kafka: an answer must not outgrow its request without end.
        foreach (var asked in request.Topics!.DistinctBy(topic => (topic.Name, topic.TopicId)))
        {
            response.Topics.Add(asked.Name is null ? ById(asked.TopicId, request, context) : ByName(asked.Name, mayCreate, request, context));
        }
        return new(response);
    }

    private MetadataResponseTopic ById(Guid id, MetadataRequest request, RequestContext context) => broker.Topics.Find(id) is { } topic
        ? Describe(topic, request, context)
        : new() { ErrorCode = ErrorCode.UnknownTopicId, Name = context.Version >= 12 ? null : "", TopicId = id };

    private MetadataResponseTopic ByName(string name, bool mayCreate, MetadataRequest request, RequestContext context)
    {
        if (broker.Topics.Find(name) is { } topic) return Describe(topic, request, context);
        if (TopicName.Check(name) is not null) return Missing(name, ErrorCode.InvalidTopicException);
        if (mayCreate && !TopicName.IsInternal(name)) autoCreation.Request(name);
        return Missing(name, ErrorCode.UnknownTopicOrPartition);
    }

    private static MetadataResponseTopic Missing(string name, ErrorCode error) => new() { ErrorCode = error, Name = name, IsInternal = TopicName.IsInternal(name) };

    private MetadataResponse Cluster(MetadataRequest request, RequestContext context) => new()
    {
        Brokers = [new MetadataResponseBroker { NodeId = context.Node.Id, Host = context.Connection.Endpoint.Host, Port = context.Connection.Endpoint.Port }],
        ClusterId = broker.Topics.ClusterId,
        ControllerId = context.Node.Id,
        ClusterAuthorizedOperations = request.IncludeClusterAuthorizedOperations ? AuthorizedOperations.Cluster : AuthorizedOperations.NotAsked,
    };

    private static MetadataResponseTopic Describe(Topic topic, MetadataRequest request, RequestContext context)
    {
        var described = new MetadataResponseTopic
        {
            Name = topic.Name,
            TopicId = topic.Id,
            IsInternal = topic.IsInternal,
            TopicAuthorizedOperations = request.IncludeTopicAuthorizedOperations ? AuthorizedOperations.Topic : AuthorizedOperations.NotAsked,
        };
        for (var i = 0; i < topic.Partitions.Count; i++)
        {
            described.Partitions.Add(new MetadataResponsePartition
            {
                PartitionIndex = i,
                LeaderId = context.Node.Id,
                LeaderEpoch = topic.Partitions[i].LeaderEpoch,
                ReplicaNodes = [context.Node.Id],
                IsrNodes = [context.Node.Id],
            });
        }
        return described;
    }
}
