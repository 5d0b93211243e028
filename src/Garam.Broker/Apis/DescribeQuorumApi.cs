using Garam.Broker.Log;
using Garam.Broker.Topics;
using Garam.Kafka;
using Garam.Kafka.Messages;
using static Garam.Kafka.Messages.DescribeQuorumResponse;

namespace Garam.Broker.Apis;

/// <summary>The quorum that keeps the cluster's metadata: this node alone, with the offsets of its own metadata log.</summary>
internal sealed class DescribeQuorumApi(BrokerServices broker) : Api<DescribeQuorumRequest, DescribeQuorumResponse>(ApiKey.DescribeQuorum, 0, 2)
{
    /// <summary>What clients call the metadata log.</summary>
    private const string ClusterMetadata = "__cluster_metadata";

    public override string Differences => "There is no quorum: the one node is the leader and only voter, and the offsets are those of its metadata log.";

    protected override ValueTask<DescribeQuorumResponse?> HandleAsync(DescribeQuorumRequest request, RequestContext context)
    {
        if (request.Topics is not [{ TopicName: ClusterMetadata, Partitions: [{ PartitionIndex: 0 }] }]) return new(Unknown(request));
        var endpoint = context.Connection.Endpoint;
        return new(new DescribeQuorumResponse
        {
            Topics = [new TopicData { TopicName = ClusterMetadata, Partitions = [Describe(context.Node.Id)] }],
            Nodes = [new Node { NodeId = context.Node.Id, Listeners = [new Listener { Name = "PLAINTEXT", Host = endpoint.Host, Port = (ushort)endpoint.Port }] }],
        });
    }

    private PartitionData Describe(int nodeId)
    {
        var log = broker.Logs.Find(new TopicPartition(TopicName.Metadata, 0))!;
        var now = broker.Time.GetUtcNow().ToUnixTimeMilliseconds();
        return new PartitionData
        {
            LeaderId = nodeId,
            LeaderEpoch = log.LeaderEpoch,
            HighWatermark = log.HighWatermark,
            CurrentVoters = [new ReplicaState { ReplicaId = nodeId, LogEndOffset = log.LogEndOffset, LastFetchTimestamp = now, LastCaughtUpTimestamp = now }],
        };
    }

    private static DescribeQuorumResponse Unknown(DescribeQuorumRequest request) => new()
    {
        Topics = [.. request.Topics.Select(topic => new TopicData
        {
            TopicName = topic.TopicName,
            Partitions = [.. topic.Partitions.Select(partition => new PartitionData { PartitionIndex = partition.PartitionIndex, ErrorCode = ErrorCode.UnknownTopicOrPartition })],
        })],
    };
}
