using Garam.Broker.Apis;
using Garam.Kafka;
using Garam.Kafka.Messages;

namespace Garam.Broker.Groups.Apis;

/// <summary>A member is alive, and learns whether it must join again.</summary>
internal sealed class HeartbeatApi(GroupCoordinator groups) : Api<HeartbeatRequest, HeartbeatResponse>(ApiKey.Heartbeat, 0, 4)
{
    protected override ValueTask<HeartbeatResponse?> HandleAsync(HeartbeatRequest request, RequestContext context) => new(new HeartbeatResponse
    {
        ErrorCode = groups.Heartbeat(request.GroupId, request.MemberId, request.GroupInstanceId, request.GenerationId),
    });
}
