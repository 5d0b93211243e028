using Garam.Broker.Apis;
using Garam.Broker.Log;
using Garam.Broker.Topics;
using Garam.Kafka;
using Garam.Kafka.Messages;
using static Garam.Kafka.Messages.OffsetDeleteResponse;

namespace Garam.Broker.Groups.Apis;

/// <summary>Deletes single offsets of a group, of topics that nobody in it reads (KIP-496).</summary>
internal sealed class OffsetDeleteApi(GroupCoordinator groups, TopicStore topics) : Api<OffsetDeleteRequest, OffsetDeleteResponse>(ApiKey.OffsetDelete, 0, 0)
{
    protected override async ValueTask<OffsetDeleteResponse?> HandleAsync(OffsetDeleteRequest request, RequestContext context)
    {
        var response = new OffsetDeleteResponse();
        var known = new List<(TopicPartition Partition, OffsetDeleteResponsePartition Answer)>();
        foreach (var topic in request.Topics)
        {
            var answers = new OffsetDeleteResponseTopic { Name = topic.Name };
            response.Topics.Add(answers);
            foreach (var index in topic.Partitions.Select(partition => partition.PartitionIndex))
            {
                var partition = new TopicPartition(topic.Name, index);
                var answer = new OffsetDeleteResponsePartition { PartitionIndex = index };
                answers.Partitions.Add(answer);
                if (topics.Find(partition) is null) answer.ErrorCode = ErrorCode.UnknownTopicOrPartition;
                else known.Add((partition, answer));
            }
        }

        var (error, refusals) = await groups.DeleteOffsetsAsync(request.GroupId, known.ConvertAll(it => it.Partition)).ConfigureAwait(false);
        // A request that fails as a whole says nothing of its partitions.
        if (error != ErrorCode.None) return new OffsetDeleteResponse { ErrorCode = error };
        foreach (var (partition, answer) in known)
        {
            if (refusals.Contains(partition.Topic)) answer.ErrorCode = ErrorCode.GroupSubscribedToTopic;
        }

        return response;
    }
}
