using Garam.Kafka;
using Garam.Kafka.Messages;

namespace Garam.Broker.Apis;

/// <summary>Partitions on their way to other brokers: there is one broker, so there are none.</summary>
internal sealed class ListPartitionReassignmentsApi()
    : Api<ListPartitionReassignmentsRequest, ListPartitionReassignmentsResponse>(ApiKey.ListPartitionReassignments, 0, 0)
{
    protected override ValueTask<ListPartitionReassignmentsResponse?> HandleAsync(ListPartitionReassignmentsRequest request, RequestContext context) =>
        new(new ListPartitionReassignmentsResponse());
}
