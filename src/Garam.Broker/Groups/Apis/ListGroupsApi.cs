using Garam.Broker.Apis;
using Garam.Kafka;
using Garam.Kafka.Messages;

namespace Garam.Broker.Groups.Apis;

/// <summary>Every group, or those of some states (version 4) and types (version 5, KIP-848). All groups here are classic ones.</summary>
internal sealed class ListGroupsApi(GroupCoordinator groups) : Api<ListGroupsRequest, ListGroupsResponse>(ApiKey.ListGroups, 0, 5)
{
    private const string Classic = "classic";

    protected override ValueTask<ListGroupsResponse?> HandleAsync(ListGroupsRequest request, RequestContext context) => new(new ListGroupsResponse
    {
        Groups = Allows(request.TypesFilter, Classic)
            ? [.. groups.List().Where(group => Allows(request.StatesFilter, group.State.ToString())).Select(group => new ListGroupsResponse.ListedGroup
            {
                GroupId = group.Id,
                ProtocolType = group.ProtocolType ?? "",
                GroupState = group.State.ToString(),
                GroupType = Classic,
            })]
            : [],
    });

    private static bool Allows(List<string> filter, string value) => filter.Count == 0 || filter.Contains(value, StringComparer.OrdinalIgnoreCase);
}
