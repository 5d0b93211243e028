using Garam.Broker.Apis;
using Garam.Kafka;
using Garam.Kafka.Messages;

namespace Garam.Broker.Groups.Apis;

/// <summary>Which node coordinates a group or a transaction: always the one that is asked.</summary>
internal sealed class FindCoordinatorApi() : Api<FindCoordinatorRequest, FindCoordinatorResponse>(ApiKey.FindCoordinator, 0, 6)
{
    private const int FirstBatchedVersion = 4;
    private const sbyte LastKeyType = 2; // group, transaction, share group

    protected override ValueTask<FindCoordinatorResponse?> HandleAsync(FindCoordinatorRequest request, RequestContext context)
    {
        var endpoint = context.Connection.Endpoint;
        var isKnown = request.KeyType is >= 0 and <= LastKeyType;
        var error = isKnown ? ErrorCode.None : ErrorCode.InvalidRequest;
        var message = isKnown ? null : $"There are no coordinators of type {request.KeyType}.";
        var node = isKnown ? context.Node.Id : -1;
        if (context.Version < FirstBatchedVersion)
        {
            return new(new FindCoordinatorResponse
            {
                ErrorCode = error, ErrorMessage = message, NodeId = node, Host = isKnown ? endpoint.Host : "", Port = isKnown ? endpoint.Port : -1,
            });
        }

        return new(new FindCoordinatorResponse
        {
            Coordinators = [.. request.CoordinatorKeys.Select(key => new FindCoordinatorResponse.Coordinator
            {
                Key = key, ErrorCode = error, ErrorMessage = message, NodeId = node, Host = isKnown ? endpoint.Host : "", Port = isKnown ? endpoint.Port : -1,
            })],
        });
    }
}
