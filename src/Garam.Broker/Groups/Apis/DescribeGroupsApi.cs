using Garam.Broker.Apis;
using Garam.Kafka;
using Garam.Kafka.Messages;
using static Garam.Kafka.Messages.DescribeGroupsResponse;

namespace Garam.Broker.Groups.Apis;

/// <summary>Members and assignments of groups. Metadata is shown while a group is stable, as in Kafka.</summary>
internal sealed class DescribeGroupsApi(GroupCoordinator groups) : Api<DescribeGroupsRequest, DescribeGroupsResponse>(ApiKey.DescribeGroups, 0, 6)
{
    private const int FirstWithGroupNotFound = 6;

    protected override ValueTask<DescribeGroupsResponse?> HandleAsync(DescribeGroupsRequest request, RequestContext context) => new(new DescribeGroupsResponse
    {
        Groups = [.. request.Groups.Distinct().Select(id =>
        {
            var group = groups.Describe(id) is { } snapshot ? Describe(snapshot) : Missing(id, context.Version);
            group.AuthorizedOperations = request.IncludeAuthorizedOperations ? AuthorizedOperations.Group : AuthorizedOperations.NotAsked;
            return group;
        })],
    });

    private static DescribedGroup Describe(GroupSnapshot group)
    {
        var isStable = group.State == GroupState.Stable;
        return new DescribedGroup
        {
            GroupId = group.Id,
            GroupState = group.State.ToString(),
            ProtocolType = group.ProtocolType ?? "",
            ProtocolData = isStable ? group.Protocol ?? "" : "",
            Members = [.. group.Members.Select(member => new DescribedGroupMember
            {
                MemberId = member.Id,
                GroupInstanceId = member.InstanceId,
                ClientId = member.ClientId,
                ClientHost = member.ClientHost,
                MemberMetadata = isStable ? member.Metadata : [],
                MemberAssignment = isStable ? member.Assignment : [],
            })],
        };
    }

    private static DescribedGroup Missing(string id, short version) => version >= FirstWithGroupNotFound
        ? new DescribedGroup { GroupId = id, GroupState = nameof(GroupState.Dead), ErrorCode = ErrorCode.GroupIdNotFound, ErrorMessage = $"Group {id} not found." }
        : new DescribedGroup { GroupId = id, GroupState = nameof(GroupState.Dead) };
}
