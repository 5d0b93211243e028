using Garam.Broker.Configuration;
using Garam.Broker.Topics;
using Garam.Kafka;
using Garam.Kafka.Messages;
using static Garam.Kafka.Messages.CreateTopicsResponse;

namespace Garam.Broker.Apis;

/// <summary>Makes topics; each succeeds or fails alone.</summary>
internal sealed class CreateTopicsApi(BrokerServices broker) : Api<CreateTopicsRequest, CreateTopicsResponse>(ApiKey.CreateTopics, 2, 7)
{
    /// <summary>Of all topics of a request together, as in Kafka.</summary>
    private const int MaxPartitions = 10_000;

    private const string TooManyPartitions = "Excessively large number of partitions per request.";

    public override string Differences => "A setting that is not honoured is refused with INVALID_CONFIG, and so is min.insync.replicas above 1.";

    protected override async ValueTask<CreateTopicsResponse?> HandleAsync(CreateTopicsRequest request, RequestContext context)
    {
        var response = new CreateTopicsResponse();
        var names = request.Topics.CountBy(topic => topic.Name).ToDictionary(StringComparer.Ordinal);
        if (Partitions(request) > MaxPartitions) return new() { Topics = [.. names.Keys.Select(name => Failed(name, ErrorCode.PolicyViolation, TooManyPartitions))] };
        foreach (var topic in request.Topics)
        {
            // One answer for a name that stands there twice, as in Kafka.
            if (!names.Remove(topic.Name, out var times)) continue;
            response.Topics.Add(times > 1
                ? Failed(topic.Name, ErrorCode.InvalidRequest, $"{topic.Name} stands {times} times in the request.")
                : await CreateAsync(topic, request.ValidateOnly, context).ConfigureAwait(false));
        }
        return response;
    }

    /// <summary>How many partitions the request wants in all: each is a directory with files, so that a small request can be years of work.</summary>
    private long Partitions(CreateTopicsRequest request) => request.Topics.Sum(topic =>
        topic.Assignments.Count > 0 ? topic.Assignments.Count : topic.NumPartitions == -1 ? broker.Config.Get(BrokerConfigs.NumPartitions) : Math.Max(0L, topic.NumPartitions));

    private async ValueTask<CreatableTopicResult> CreateAsync(CreateTopicsRequest.CreatableTopic topic, bool validateOnly, RequestContext context)
    {
        if (Check(topic, context) is { } failure) return failure;
        var configs = topic.Configs.DistinctBy(config => config.Name).ToDictionary(config => config.Name, config => config.Value!);
        var partitions = topic.Assignments.Count > 0 ? topic.Assignments.Count : topic.NumPartitions;
        var result = await TopicChanges.TryAsync(
            () => broker.Topics.CreateAsync(new NewTopic(topic.Name, partitions, configs), validateOnly, context.Closed)).ConfigureAwait(false);
        return result.Error == ErrorCode.None
            ? Created(result.Topic!, partitions == -1 ? broker.Config.Get(BrokerConfigs.NumPartitions) : partitions)
            : Failed(topic.Name, result.Error, result.Message!);
    }

    private static CreatableTopicResult? Check(CreateTopicsRequest.CreatableTopic topic, RequestContext context)
    {
        if (TopicName.IsInternal(topic.Name)) return Failed(topic.Name, ErrorCode.InvalidTopicException, $"{topic.Name} is made by the broker itself.");
        if (topic.Assignments.Count > 0 && CheckAssignments(topic, context.Node.Id) is { } problem) return problem;
        // -1 is the broker's default in every version: KIP-464 says from 4 on, but Apache Kafka does not look and kafkajs relies on it.
        if (topic.ReplicationFactor is not (1 or -1))
            return Failed(topic.Name, ErrorCode.InvalidReplicationFactor, $"The replication factor is {topic.ReplicationFactor}; there is 1 broker, which keeps 1 copy.");
        return TopicConfigs.Check(topic.Configs.Select(config => KeyValuePair.Create(config.Name, config.Value))) is { } wrong
            ? Failed(topic.Name, ErrorCode.InvalidConfig, wrong)
            : null;
    }

    private static CreatableTopicResult? CheckAssignments(CreateTopicsRequest.CreatableTopic topic, int nodeId)
    {
        if (topic.NumPartitions != -1 || topic.ReplicationFactor != -1)
            return Failed(topic.Name, ErrorCode.InvalidRequest, "With assignments, the number of partitions and the replication factor must be -1.");
        var isOurs = topic.Assignments.All(assignment => assignment.BrokerIds is [var id] && id == nodeId)
            && topic.Assignments.Select(assignment => assignment.PartitionIndex).Order().SequenceEqual(Enumerable.Range(0, topic.Assignments.Count));
        return isOurs ? null : Failed(topic.Name, ErrorCode.InvalidReplicaAssignment, $"Partitions are numbered from 0 without gaps, each on broker {nodeId} alone.");
    }

    private static CreatableTopicResult Created(Topic topic, int partitions) => new()
    {
        Name = topic.Name,
        TopicId = topic.Id,
        NumPartitions = partitions,
        ReplicationFactor = 1,
        Configs = [.. TopicConfigs.All.Select(config => new CreatableTopicConfigs
        {
            Name = config.Name,
            Value = topic.Config.Text(config),
            ConfigSource = (sbyte)topic.Config.Source(config),
        })],
    };

    private static CreatableTopicResult Failed(string name, ErrorCode error, string message) =>
        new() { Name = name, ErrorCode = error, ErrorMessage = TopicResult.Shorten(message), Configs = null };
}
