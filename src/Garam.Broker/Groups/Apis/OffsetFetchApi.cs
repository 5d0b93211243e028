using Garam.Broker.Apis;
using Garam.Broker.Log;
using Garam.Broker.Topics;
using Garam.Kafka;
using Garam.Kafka.Messages;
using static Garam.Kafka.Messages.OffsetFetchRequest;
using static Garam.Kafka.Messages.OffsetFetchResponse;

namespace Garam.Broker.Groups.Apis;

/// <summary>How far groups have come: one group up to version 7, several from version 8 on; topics by id from version 10 on.</summary>
internal sealed class OffsetFetchApi(GroupCoordinator groups, TopicStore topics) : Api<OffsetFetchRequest, OffsetFetchResponse>(ApiKey.OffsetFetch, 1, 10)
{
    private const int FirstBatchedVersion = 8;
    private const int FirstWithTopicIds = 10;

    protected override ValueTask<OffsetFetchResponse?> HandleAsync(OffsetFetchRequest request, RequestContext context) => new(
        context.Version >= FirstBatchedVersion
            ? new OffsetFetchResponse { Groups = [.. OnceEach(request.Groups).Select(group => Answer(group, context.Version))] }
            : new OffsetFetchResponse { Topics = Answer(request) });

    /// <summary>All offsets of a group are told once, however often they are asked for: a small request must not make an answer without end.</summary>
    private static IEnumerable<OffsetFetchRequestGroup> OnceEach(List<OffsetFetchRequestGroup> groups)
    {
        var told = new HashSet<string>(StringComparer.Ordinal);
        return groups.Where(group => group.Topics is not null || told.Add(group.GroupId));
    }

    private List<OffsetFetchResponseTopic> Answer(OffsetFetchRequest request)
    {
        var partitions = request.Topics?.SelectMany(topic => topic.PartitionIndexes.Select(index => new TopicPartition(topic.Name, index))).ToList();
        return [.. groups.FetchOffsets(request.GroupId, partitions).GroupBy(offset => offset.Key.Topic).Select(topic => new OffsetFetchResponseTopic
        {
            Name = topic.Key,
            Partitions = [.. topic.Select(offset => new OffsetFetchResponsePartition
            {
                PartitionIndex = offset.Key.Partition,
                CommittedOffset = offset.Value?.Offset ?? -1,
                CommittedLeaderEpoch = offset.Value?.LeaderEpoch ?? -1,
                Metadata = offset.Value?.Metadata ?? "",
            })],
        })];
    }

    private OffsetFetchResponseGroup Answer(OffsetFetchRequestGroup asked, short version)
    {
        var answer = new OffsetFetchResponseGroup { GroupId = asked.GroupId };
        if (asked.Topics is null)
        {
            foreach (var topic in groups.FetchOffsets(asked.GroupId, null).GroupBy(offset => offset.Key.Topic))
            {
                // By id there is no way to name a topic that is gone.
                if (version < FirstWithTopicIds || topics.Find(topic.Key) is not null)
                {
                    answer.Topics.Add(Answer(topic.Key, topics.Find(topic.Key)?.Id ?? Guid.Empty, topic));
                }
            }
        }
        else
        {
            answer.Topics.AddRange(asked.Topics.Select(topic => Answer(asked.GroupId, topic, version)));
        }

        return answer;
    }

    private OffsetFetchResponseTopics Answer(string groupId, OffsetFetchRequestTopics asked, short version)
    {
        if (version >= FirstWithTopicIds && topics.Find(asked.TopicId) is null)
        {
            return new OffsetFetchResponseTopics
            {
                TopicId = asked.TopicId,
                Partitions = asked.PartitionIndexes.ConvertAll(index => Partition(index, null, ErrorCode.UnknownTopicId)),
            };
        }

        var name = version >= FirstWithTopicIds ? topics.Find(asked.TopicId)!.Name : asked.Name;
        return Answer(name, asked.TopicId, groups.FetchOffsets(groupId, asked.PartitionIndexes.ConvertAll(index => new TopicPartition(name, index))));
    }

    private static OffsetFetchResponseTopics Answer(string name, Guid id, IEnumerable<KeyValuePair<TopicPartition, CommittedOffset?>> offsets) => new()
    {
        Name = name,
        TopicId = id,
        Partitions = [.. offsets.Select(offset => Partition(offset.Key.Partition, offset.Value, ErrorCode.None))],
    };

    private static OffsetFetchResponsePartitions Partition(int index, CommittedOffset? committed, ErrorCode error) => new()
    {
        PartitionIndex = index,
        CommittedOffset = committed?.Offset ?? -1,
        CommittedLeaderEpoch = committed?.LeaderEpoch ?? -1,
        Metadata = committed?.Metadata ?? "",
        ErrorCode = error,
    };
}
