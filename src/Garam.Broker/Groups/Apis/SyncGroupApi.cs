using Garam.Broker.Apis;
using Garam.Kafka;
using Garam.Kafka.Messages;

namespace Garam.Broker.Groups.Apis;

/// <summary>Brings the leader's assignment to every member; parked until the leader has sent it and it is durable.</summary>
internal sealed class SyncGroupApi(GroupCoordinator groups) : Api<SyncGroupRequest, SyncGroupResponse>(ApiKey.SyncGroup, 0, 5)
{
    protected override async ValueTask<SyncGroupResponse?> HandleAsync(SyncGroupRequest request, RequestContext context)
    {
        var result = await groups.SyncAsync(request.GroupId, Read(request)).ConfigureAwait(false);
        return new SyncGroupResponse
        {
            ErrorCode = result.Error,
            ProtocolType = result.ProtocolType,
            ProtocolName = result.ProtocolName,
            Assignment = result.Assignment,
        };
    }

    private static SyncAttempt Read(SyncGroupRequest request)
    {
        var assignments = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var assignment in request.Assignments)
        {
            assignments[assignment.MemberId] = assignment.Assignment.ToArray();
        }

        return new SyncAttempt(request.MemberId, request.GroupInstanceId, request.GenerationId, assignments)
        {
            ProtocolType = request.ProtocolType,
            ProtocolName = request.ProtocolName,
        };
    }
}
