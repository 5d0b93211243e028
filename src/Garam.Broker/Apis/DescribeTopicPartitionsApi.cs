using Garam.Broker.Configuration;
using Garam.Broker.Topics;
using Garam.Kafka;
using Garam.Kafka.Messages;
using static Garam.Kafka.Messages.DescribeTopicPartitionsResponse;

namespace Garam.Broker.Apis;

/// <summary>
/// Topics with their partitions, a page at a time, in the order of their names: a page ends in the middle of a topic, or before one, and
/// says where the next begins (KIP-966).
/// </summary>
internal sealed class DescribeTopicPartitionsApi(BrokerServices broker)
    : Api<DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse>(ApiKey.DescribeTopicPartitions, 0, 0)
{
    public override string Differences => "A topic without a name is INVALID_TOPIC_EXCEPTION; Kafka answers UNKNOWN_SERVER_ERROR for all of the request.";

    protected override ValueTask<DescribeTopicPartitionsResponse?> HandleAsync(DescribeTopicPartitionsRequest request, RequestContext context) =>
        new(CanBegin(request) ? Describe(request, context) : Refused(request));

    /// <summary>A cursor stands in a topic that is asked for, and not before its first partition.</summary>
    private static bool CanBegin(DescribeTopicPartitionsRequest request) =>
        request.Cursor is not { } cursor
        || (cursor.PartitionIndex >= 0 && (request.Topics.Count == 0 || request.Topics.Exists(topic => topic.Name == cursor.TopicName)));

    private static DescribeTopicPartitionsResponse Refused(DescribeTopicPartitionsRequest request) => new()
    {
        Topics = [.. request.Topics.Select(topic => new DescribeTopicPartitionsResponseTopic { Name = topic.Name, ErrorCode = ErrorCode.InvalidRequest })],
    };

    private DescribeTopicPartitionsResponse Describe(DescribeTopicPartitionsRequest request, RequestContext context)
    {
        var response = new DescribeTopicPartitionsResponse();
        var left = Math.Clamp(request.ResponsePartitionLimit, 1, broker.Config.Get(BrokerConfigs.MaxPartitionsInAnswer));
        foreach (var name in Names(request))
        {
            if (left == 0) return EndAt(response, name, 0);
            if (broker.Topics.Find(name) is not { } topic)
            {
                response.Topics.Add(Missing(name));
                continue;
            }
            var first = name == request.Cursor?.TopicName ? request.Cursor.PartitionIndex : 0;
            var described = Describe(topic, first, left, context);
            response.Topics.Add(described);
            if (first + described.Partitions.Count < topic.Partitions.Count) return EndAt(response, name, first + described.Partitions.Count);
            left -= described.Partitions.Count;
        }
        return response;
    }

    /// <summary>What is asked for (all of it when nothing is named) from the cursor on.</summary>
    private IEnumerable<string> Names(DescribeTopicPartitionsRequest request)
    {
        var names = request.Topics.Count == 0 ? broker.Topics.All.Select(topic => topic.Name) : request.Topics.Select(topic => topic.Name).Distinct();
        var begin = request.Cursor?.TopicName ?? "";
        return names.Where(name => string.CompareOrdinal(name, begin) >= 0).Order(StringComparer.Ordinal);
    }

    private static DescribeTopicPartitionsResponse EndAt(DescribeTopicPartitionsResponse response, string topic, int partition)
    {
        response.NextCursor = new PageCursor { TopicName = topic, PartitionIndex = partition };
        return response;
    }

    private static DescribeTopicPartitionsResponseTopic Missing(string name) => new()
    {
        Name = name,
        ErrorCode = TopicName.Check(name) is null ? ErrorCode.UnknownTopicOrPartition : ErrorCode.InvalidTopicException,
        IsInternal = TopicName.IsInternal(name),
        TopicAuthorizedOperations = AuthorizedOperations.Topic,
    };

    private static DescribeTopicPartitionsResponseTopic Describe(Topic topic, int first, int limit, RequestContext context) => new()
    {
        Name = topic.Name,
        TopicId = topic.Id,
        IsInternal = topic.IsInternal,
        TopicAuthorizedOperations = AuthorizedOperations.Topic,
        Partitions = [.. topic.Partitions.Skip(first).Take(limit).Select((log, i) => new DescribeTopicPartitionsResponsePartition
        {
            PartitionIndex = first + i,
            LeaderId = context.Node.Id,
            LeaderEpoch = log.LeaderEpoch,
            ReplicaNodes = [context.Node.Id],
            IsrNodes = [context.Node.Id],
            // No replica is left behind, so none waits to be elected.
            EligibleLeaderReplicas = [],
            LastKnownElr = [],
        })],
    };
}
