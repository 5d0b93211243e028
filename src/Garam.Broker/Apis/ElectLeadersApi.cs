using Garam.Broker.Log;
using Garam.Kafka;
using Garam.Kafka.Messages;
using static Garam.Kafka.Messages.ElectLeadersResponse;

namespace Garam.Broker.Apis;

/// <summary>Electing leaders: the only broker leads everything already.</summary>
internal sealed class ElectLeadersApi(BrokerServices broker) : Api<ElectLeadersRequest, ElectLeadersResponse>(ApiKey.ElectLeaders, 0, 2)
{
    // Asked for all partitions, Kafka names those where something was done or went wrong: none.
    protected override ValueTask<ElectLeadersResponse?> HandleAsync(ElectLeadersRequest request, RequestContext context) =>
        new(new ElectLeadersResponse
        {
            ReplicaElectionResults = [.. (request.TopicPartitions ?? []).Select(topic => new ReplicaElectionResult
            {
                Topic = topic.Topic,
                PartitionResult = [.. topic.Partitions.Select(partition => Answer(new TopicPartition(topic.Topic, partition)))],
            })],
        });

    private ElectedPartition Answer(TopicPartition partition)
    {
        var isThere = broker.Topics.Find(partition) is not null;
        return new ElectedPartition
        {
            PartitionId = partition.Partition,
            ErrorCode = isThere ? ErrorCode.ElectionNotNeeded : ErrorCode.UnknownTopicOrPartition,
            ErrorMessage = isThere ? "It is led by its preferred replica." : "There is no such partition.",
        };
    }
}
