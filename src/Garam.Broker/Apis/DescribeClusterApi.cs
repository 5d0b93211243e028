using Garam.Kafka;
using Garam.Kafka.Messages;
using static Garam.Kafka.Messages.DescribeClusterResponse;

namespace Garam.Broker.Apis;

/// <summary>The nodes of the cluster, for admin clients.</summary>
internal sealed class DescribeClusterApi(BrokerServices broker) : Api<DescribeClusterRequest, DescribeClusterResponse>(ApiKey.DescribeCluster, 0, 2)
{
    private const sbyte Brokers = 1;

    protected override ValueTask<DescribeClusterResponse?> HandleAsync(DescribeClusterRequest request, RequestContext context)
    {
        if (request.EndpointType != Brokers)
            return new(new DescribeClusterResponse
            {
                ErrorCode = ErrorCode.MismatchedEndpointType,
                ErrorMessage = "This is a broker endpoint; there are no controllers to connect to.",
                EndpointType = Brokers,
            });
        var endpoint = context.Connection.Endpoint;
        return new(new DescribeClusterResponse
        {
            EndpointType = Brokers,
            ClusterId = broker.Topics.ClusterId,
            ControllerId = context.Node.Id,
            Brokers = [new DescribeClusterBroker { BrokerId = context.Node.Id, Host = endpoint.Host, Port = endpoint.Port }],
            ClusterAuthorizedOperations = request.IncludeClusterAuthorizedOperations ? AuthorizedOperations.Cluster : AuthorizedOperations.NotAsked,
        });
    }
}
