using Garam.Broker.Apis;
using Garam.Kafka;
using Garam.Kafka.Messages;

namespace Garam.Broker.Groups.Apis;

/// <summary>Members leave, or an administrator removes them (several at once from version 3 on).</summary>
internal sealed class LeaveGroupApi(GroupCoordinator groups) : Api<LeaveGroupRequest, LeaveGroupResponse>(ApiKey.LeaveGroup, 0, 5)
{
    private const int FirstBatchedVersion = 3;

    protected override async ValueTask<LeaveGroupResponse?> HandleAsync(LeaveGroupRequest request, RequestContext context)
    {
        if (request.GroupId.Length == 0)
        {
            return new LeaveGroupResponse { ErrorCode = ErrorCode.InvalidGroupId };
        }

        if (context.Version < FirstBatchedVersion)
        {
            var result = await groups.LeaveAsync(request.GroupId, [(request.MemberId, null)]).ConfigureAwait(false);
            return new LeaveGroupResponse { ErrorCode = result[0] };
        }

        var members = request.Members.ConvertAll(member => (member.MemberId, member.GroupInstanceId));
        var results = await groups.LeaveAsync(request.GroupId, members).ConfigureAwait(false);
        return new LeaveGroupResponse
        {
            Members = [.. results.Select((error, i) => new LeaveGroupResponse.MemberResponse
            {
                MemberId = members[i].MemberId, GroupInstanceId = members[i].GroupInstanceId, ErrorCode = error,
            })],
        };
    }
}
