using Garam.Broker.Log;
using Garam.Kafka;
using Garam.Kafka.Messages;
using static Garam.Kafka.Messages.AlterPartitionReassignmentsResponse;

namespace Garam.Broker.Apis;

/// <summary>Moving partitions to other brokers: they can only stay where they are.</summary>
internal sealed class AlterPartitionReassignmentsApi(BrokerServices broker)
    : Api<AlterPartitionReassignmentsRequest, AlterPartitionReassignmentsResponse>(ApiKey.AlterPartitionReassignments, 0, 1)
{
    protected override ValueTask<AlterPartitionReassignmentsResponse?> HandleAsync(AlterPartitionReassignmentsRequest request, RequestContext context) =>
        new(new AlterPartitionReassignmentsResponse
        {
            AllowReplicationFactorChange = request.AllowReplicationFactorChange,
            Responses = [.. request.Topics.Select(topic => new ReassignableTopicResponse
            {
                Name = topic.Name,
                Partitions = [.. topic.Partitions.Select(partition => Answer(topic.Name, partition.PartitionIndex, partition.Replicas, context.Node.Id))],
            })],
        });

    private ReassignablePartitionResponse Answer(string topic, int partition, List<int>? replicas, int nodeId)
    {
        var (error, message) = replicas switch
        {
            _ when broker.Topics.Find(new TopicPartition(topic, partition)) is null => (ErrorCode.UnknownTopicOrPartition, $"There is no partition {topic}-{partition}."),
            null => (ErrorCode.NoReassignmentInProgress, "Nothing is moving that could be cancelled."),
            [var id] when id == nodeId => (ErrorCode.None, null),
            _ => (ErrorCode.InvalidReplicaAssignment, $"Every partition is on broker {nodeId} alone."),
        };
        return new ReassignablePartitionResponse { PartitionIndex = partition, ErrorCode = error, ErrorMessage = message };
    }
}
