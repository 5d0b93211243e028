using Garam.Broker.Configuration;
using Garam.Kafka;
using Garam.Kafka.Messages;
using static Garam.Kafka.Messages.AlterConfigsResponse;

namespace Garam.Broker.Apis;

/// <summary>Replaces all settings of topics and of the broker: what is not named goes back to its default. Newer clients send IncrementalAlterConfigs.</summary>
internal sealed class AlterConfigsApi(BrokerServices broker) : Api<AlterConfigsRequest, AlterConfigsResponse>(ApiKey.AlterConfigs, 0, 2)
{
    public override string Differences => "As for IncrementalAlterConfigs.";

    protected override async ValueTask<AlterConfigsResponse?> HandleAsync(AlterConfigsRequest request, RequestContext context)
    {
        var alterations = request.Resources.ConvertAll(resource => new ConfigAlteration(resource.ResourceType, resource.ResourceName, new ConfigEdit(
            ReplacesAll: true, resource.Configs.ConvertAll(config => new ConfigChange(config.Name, ConfigOperation.Set, config.Value)))));
        var results = await ConfigAlteration.MakeAsync(alterations, broker, request.ValidateOnly, context).ConfigureAwait(false);
        return new AlterConfigsResponse
        {
            Responses = results.ConvertAll(it => new AlterConfigsResourceResponse
            {
                ResourceType = it.Alteration.Type,
                ResourceName = it.Alteration.Name,
                ErrorCode = it.Result.Error,
                ErrorMessage = it.Result.Message,
            }),
        };
    }
}
