using System.Globalization;
using Garam.Broker.Configuration;
using Garam.Broker.Topics;
using Garam.Kafka;
using Garam.Kafka.Messages;
using static Garam.Kafka.Messages.DescribeConfigsResponse;

namespace Garam.Broker.Apis;

/// <summary>The settings of topics and of the broker, with where each value comes from.</summary>
internal sealed class DescribeConfigsApi(BrokerServices broker) : Api<DescribeConfigsRequest, DescribeConfigsResponse>(ApiKey.DescribeConfigs, 1, 4)
{
    public override string Differences => "A resource that is asked for twice is described once. Groups, loggers and client metrics have no settings here.";

    protected override ValueTask<DescribeConfigsResponse?> HandleAsync(DescribeConfigsRequest request, RequestContext context) =>
        new(new DescribeConfigsResponse
        {
            Results = [.. request.Resources.DistinctBy(resource => (resource.ResourceType, resource.ResourceName)).Select(resource => Describe(resource, request, context))],
        });

    private DescribeConfigsResult Describe(DescribeConfigsRequest.DescribeConfigsResource resource, DescribeConfigsRequest request, RequestContext context)
    {
        var result = new DescribeConfigsResult { ResourceType = resource.ResourceType, ResourceName = resource.ResourceName };
        switch (resource.ResourceType)
        {
            case ConfigResourceType.Topic when broker.Topics.Find(resource.ResourceName) is { } topic:
                result.Configs = [.. TopicConfigs.All.Where(IsAsked).Select(config => Describe(config, topic.Config, request))];
                break;
            case ConfigResourceType.Topic when TopicName.Check(resource.ResourceName) is { } problem:
                (result.ErrorCode, result.ErrorMessage) = (ErrorCode.InvalidTopicException, problem);
                break;
            case ConfigResourceType.Topic:
                (result.ErrorCode, result.ErrorMessage) = (ErrorCode.UnknownTopicOrPartition, $"There is no topic {resource.ResourceName}.");
                break;
            // Without a name: what was said to all brokers while they ran, and nothing else.
            case ConfigResourceType.Broker when resource.ResourceName.Length == 0:
                result.Configs = [.. BrokerConfigs.All.Where(IsAsked).Where(IsSaidToAll).Select(config => DescribeDefault(config, request))];
                break;
            case ConfigResourceType.Broker when resource.ResourceName == context.Node.Id.ToString(CultureInfo.InvariantCulture):
                result.Configs = [.. BrokerConfigs.All.Where(IsAsked).Select(config => Describe(config, request))];
                break;
            case ConfigResourceType.BrokerLogger or ConfigResourceType.ClientMetrics or ConfigResourceType.Group:
                break;
            default:
                (result.ErrorCode, result.ErrorMessage) = (ErrorCode.InvalidRequest, $"There is no such resource of type {resource.ResourceType} here.");
                break;
        }
        return result;

        bool IsAsked(ConfigDefinition config) => resource.ConfigurationKeys is null or [] || resource.ConfigurationKeys.Contains(config.Name);
        bool IsSaidToAll(ConfigDefinition config) => broker.Config.Layer(ConfigSource.RunningDefault).ContainsKey(config.Name);
    }

    private DescribeConfigsResourceResult Describe(ConfigDefinition config, TopicConfig topic, DescribeConfigsRequest request)
    {
        var described = Describe(config, topic.Text(config), topic.Source(config), isReadOnly: false, request);
        if (!request.IncludeSynonyms) return described;
        if (topic.Own.TryGetValue(config.Name, out var own)) described.Synonyms.Add(Synonym(config.Name, own, ConfigSource.Topic));
        described.Synonyms.AddRange(broker.Config.TopicDefaults(config).Select(@default => Synonym(@default.Name, @default.Value, @default.Source)));
        described.Synonyms.Add(Synonym(config.BrokerNames.Count > 0 ? config.BrokerNames[0].Name : config.Name, config.Default, ConfigSource.Default));
        return described;
    }

    private DescribeConfigsResourceResult Describe(ConfigDefinition config, DescribeConfigsRequest request)
    {
        var described = Describe(config, broker.Config.Text(config), broker.Config.Source(config), !BrokerConfigs.IsDynamic(config.Name), request);
        if (!request.IncludeSynonyms) return described;
        described.Synonyms.AddRange(broker.Config.Said(config.Name).Select(said => Synonym(config.Name, said.Value, said.Source)));
        described.Synonyms.Add(Synonym(config.Name, config.Default, ConfigSource.Default));
        return described;
    }

    private DescribeConfigsResourceResult DescribeDefault(ConfigDefinition config, DescribeConfigsRequest request)
    {
        var value = broker.Config.Layer(ConfigSource.RunningDefault)[config.Name];
        var described = Describe(config, value, ConfigSource.RunningDefault, isReadOnly: false, request);
        if (request.IncludeSynonyms) described.Synonyms.Add(Synonym(config.Name, value, ConfigSource.RunningDefault));
        return described;
    }

    private static DescribeConfigsResourceResult Describe(ConfigDefinition config, string value, ConfigSource source, bool isReadOnly, DescribeConfigsRequest request) => new()
    {
        Name = config.Name,
        Value = value,
        ConfigSource = (sbyte)source,
        ReadOnly = isReadOnly,
        ConfigType = (sbyte)config.Type,
        Documentation = request.IncludeDocumentation ? config.Documentation : null,
    };

    private static DescribeConfigsSynonym Synonym(string name, string value, ConfigSource source) => new() { Name = name, Value = value, Source = (sbyte)source };
}
