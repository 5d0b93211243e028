using System.Globalization;
using Garam.Broker.Configuration;
using Garam.Broker.Topics;
using Garam.Kafka;

namespace Garam.Broker.Apis;

/// <summary>The settings of one resource, as the two APIs that change settings name it.</summary>
/// <param name="Type">See <see cref="ConfigResourceType"/>.</param>
/// <param name="Name">A topic, a broker's id, or nothing for all brokers.</param>
/// <param name="Edit">What to change.</param>
internal sealed record ConfigAlteration(sbyte Type, string Name, ConfigEdit Edit)
{
    /// <summary>Makes the changes of a request; each resource succeeds or fails alone, and one that stands there twice fails.</summary>
    public static async ValueTask<List<(ConfigAlteration Alteration, TopicResult Result)>> MakeAsync(
        IReadOnlyCollection<ConfigAlteration> alterations, BrokerServices broker, bool validateOnly, RequestContext context)
    {
        var results = new List<(ConfigAlteration, TopicResult)>(alterations.Count);
        var times = alterations.CountBy(alteration => (alteration.Type, alteration.Name)).ToDictionary();
        foreach (var alteration in alterations)
        {
            var result = times[(alteration.Type, alteration.Name)] > 1
                ? TopicResult.Failed(ErrorCode.InvalidRequest, $"{alteration.Name} stands more than once in the request.")
                : await TopicChanges.TryAsync(() => alteration.MakeAsync(broker, validateOnly, context)).ConfigureAwait(false);
            results.Add((alteration, result));
        }
        return results;
    }

    private ValueTask<TopicResult> MakeAsync(BrokerServices broker, bool validateOnly, RequestContext context) => Type switch
    {
        ConfigResourceType.Topic => broker.Topics.ConfigureAsync(Name, Edit, validateOnly, context.Closed),
        ConfigResourceType.Broker when Name.Length == 0 => broker.Topics.ConfigureBrokerAsync(null, Edit, validateOnly, context.Closed),
        ConfigResourceType.Broker when Name == context.Node.Id.ToString(CultureInfo.InvariantCulture) =>
            broker.Topics.ConfigureBrokerAsync(context.Node.Id, Edit, validateOnly, context.Closed),
        ConfigResourceType.Broker => new(TopicResult.Failed(ErrorCode.InvalidRequest, $"This is broker {context.Node.Id}, not {Name}.")),
        ConfigResourceType.BrokerLogger or ConfigResourceType.ClientMetrics or ConfigResourceType.Group =>
            new(TopicResult.Failed(ErrorCode.InvalidRequest, "Only topics and brokers have settings here: no loggers, client metrics or groups.")),
        _ => new(TopicResult.Failed(ErrorCode.InvalidRequest, $"There are no resources of type {Type}.")),
    };
}
