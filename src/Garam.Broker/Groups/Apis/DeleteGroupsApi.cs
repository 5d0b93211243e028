using Garam.Broker.Apis;
using Garam.Kafka;
using Garam.Kafka.Messages;

namespace Garam.Broker.Groups.Apis;

/// <summary>Deletes groups without members, with their offsets.</summary>
internal sealed class DeleteGroupsApi(GroupCoordinator groups) : Api<DeleteGroupsRequest, DeleteGroupsResponse>(ApiKey.DeleteGroups, 0, 2)
{
    protected override async ValueTask<DeleteGroupsResponse?> HandleAsync(DeleteGroupsRequest request, RequestContext context)
    {
        var response = new DeleteGroupsResponse();
        foreach (var id in request.GroupsNames.Distinct())
        {
            response.Results.Add(new DeleteGroupsResponse.DeletableGroupResult
            {
                GroupId = id, ErrorCode = await groups.DeleteAsync(id).ConfigureAwait(false),
            });
        }

        return response;
    }
}
