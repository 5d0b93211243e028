using Garam.Broker.Configuration;
using Garam.Kafka;
using Garam.Kafka.Messages;
using static Garam.Kafka.Messages.IncrementalAlterConfigsResponse;

namespace Garam.Broker.Apis;

/// <summary>Changes single settings of topics and of the broker (KIP-339); those of one resource together or not at all.</summary>
internal sealed class IncrementalAlterConfigsApi(BrokerServices broker)
    : Api<IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse>(ApiKey.IncrementalAlterConfigs, 0, 1)
{
    public override string Differences => "Of the broker's settings only the defaults of topics can be changed while it runs. Groups, loggers and client metrics have none.";

    protected override async ValueTask<IncrementalAlterConfigsResponse?> HandleAsync(IncrementalAlterConfigsRequest request, RequestContext context)
    {
        var alterations = request.Resources.ConvertAll(resource => new ConfigAlteration(resource.ResourceType, resource.ResourceName, new ConfigEdit(
            ReplacesAll: false, resource.Configs.ConvertAll(config => new ConfigChange(config.Name, (ConfigOperation)config.ConfigOperation, config.Value)))));
        var results = await ConfigAlteration.MakeAsync(alterations, broker, request.ValidateOnly, context).ConfigureAwait(false);
        return new IncrementalAlterConfigsResponse
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
