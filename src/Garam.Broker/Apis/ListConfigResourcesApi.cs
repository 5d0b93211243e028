using System.Globalization;
using Garam.Kafka;
using Garam.Kafka.Messages;
using static Garam.Kafka.Messages.ListConfigResourcesResponse;

namespace Garam.Broker.Apis;

/// <summary>What has settings: topics and this broker (KIP-1142).</summary>
internal sealed class ListConfigResourcesApi(BrokerServices broker)
    : Api<ListConfigResourcesRequest, ListConfigResourcesResponse>(ApiKey.ListConfigResources, 0, 1)
{
    public override string Differences => "Groups, client metrics and loggers have no settings here: none is listed.";

    protected override ValueTask<ListConfigResourcesResponse?> HandleAsync(ListConfigResourcesRequest request, RequestContext context)
    {
        // Version 0 asks for the settings of client metrics, of which there are none.
        if (context.Version == 0) return new(new ListConfigResourcesResponse());
        var asked = request.ResourceTypes.Count == 0 ? ConfigResourceType.All : request.ResourceTypes.Distinct();
        var response = new ListConfigResourcesResponse();
        foreach (var type in asked)
        {
            if (!ConfigResourceType.All.Contains(type)) return new(new ListConfigResourcesResponse { ErrorCode = ErrorCode.UnsupportedVersion });
            response.ConfigResources.AddRange(Names(type, context).Select(name => new ConfigResource { ResourceType = type, ResourceName = name }));
        }
        return new(response);
    }

    private IEnumerable<string> Names(sbyte type, RequestContext context) => type switch
    {
        ConfigResourceType.Topic => broker.Topics.All.Select(topic => topic.Name).Order(StringComparer.Ordinal),
        ConfigResourceType.Broker => [context.Node.Id.ToString(CultureInfo.InvariantCulture)],
        _ => [],
    };
}
