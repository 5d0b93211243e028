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
    private const sbyte TopicResource = 2, BrokerResource = 4;

    protected override ValueTask<DescribeConfigsResponse?> HandleAsync(DescribeConfigsRequest request, RequestContext context) =>
        new(new DescribeConfigsResponse { Results = [.. request.Resources.Select(resource => Describe(resource, request, context))] });

    private DescribeConfigsResult Describe(DescribeConfigsRequest.DescribeConfigsResource resource, DescribeConfigsRequest request, RequestContext context)
    {
        var result = new DescribeConfigsResult { ResourceType = resource.ResourceType, ResourceName = resource.ResourceName };
        switch (resource.ResourceType)
        {
            case TopicResource when broker.Topics.Find(resource.ResourceName) is { } topic:
                result.Configs = [.. TopicConfigs.All.Where(IsAsked).Select(config => Describe(config, topic.Config, request))];
                break;
            case TopicResource when TopicName.Check(resource.ResourceName) is { } problem:
                (result.ErrorCode, result.ErrorMessage) = (ErrorCode.InvalidTopicException, problem);
                break;
            case TopicResource:
                (result.ErrorCode, result.ErrorMessage) = (ErrorCode.UnknownTopicOrPartition, $"There is no topic {resource.ResourceName}.");
                break;
            // Without a name: the settings common to all brokers, of which nothing is kept apart.
            case BrokerResource when resource.ResourceName.Length == 0:
                break;
            case BrokerResource when resource.ResourceName == context.Node.Id.ToString(CultureInfo.InvariantCulture):
                result.Configs = [.. BrokerConfigs.All.Where(IsAsked).Select(config => Describe(config, request))];
                break;
            default:
                (result.ErrorCode, result.ErrorMessage) = (ErrorCode.InvalidRequest, $"There is no resource {resource.ResourceName} of type {resource.ResourceType} here.");
                break;
        }
        return result;

        bool IsAsked(ConfigDefinition config) => resource.ConfigurationKeys is null or [] || resource.ConfigurationKeys.Contains(config.Name);
    }

    private DescribeConfigsResourceResult Describe(ConfigDefinition config, TopicConfig topic, DescribeConfigsRequest request)
    {
        var described = Describe(config, topic.Text(config), topic.Source(config), isReadOnly: false, request);
        if (!request.IncludeSynonyms) return described;
        if (topic.Own.TryGetValue(config.Name, out var own)) described.Synonyms.Add(Synonym(config.Name, own, ConfigSource.Topic));
        if (broker.Config.TopicDefault(config) is { } @default) described.Synonyms.Add(Synonym(@default.Name, @default.Value, ConfigSource.Broker));
        described.Synonyms.Add(Synonym(config.BrokerNames[0].Name, config.Default, ConfigSource.Default));
        return described;
    }

    private DescribeConfigsResourceResult Describe(ConfigDefinition config, DescribeConfigsRequest request)
    {
        var source = broker.Config.IsSet(config) ? ConfigSource.Broker : ConfigSource.Default;
        // Settings of the broker are those that it was started with: no client changes them.
        var described = Describe(config, broker.Config.Text(config), source, isReadOnly: true, request);
        if (!request.IncludeSynonyms) return described;
        if (source == ConfigSource.Broker) described.Synonyms.Add(Synonym(config.Name, broker.Config.Text(config), source));
        described.Synonyms.Add(Synonym(config.Name, config.Default, ConfigSource.Default));
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
