using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Confluent.Kafka.Admin;
using Garam.Conformance.Brokers;
using Garam.Conformance.Clients;

namespace Garam.Conformance.Differential;

/// <summary>A default is Kafka's, or stands in docs/differences.md.</summary>
public sealed partial class DefaultsTests(GaramBroker garam, ApacheKafka kafka)
{
    [Theory]
    [InlineData(ResourceType.Broker)]
    [InlineData(ResourceType.Topic)]
    public async Task Every_default_is_the_same_or_said_to_be_different(ResourceType resource)
    {
        var ours = await DefaultsAsync(garam, resource);
        var theirs = await DefaultsAsync(kafka, resource);
        ours.Keys.Intersect(theirs.Keys).Count().ShouldBeGreaterThan(20);

        var different = ours.Where(setting => theirs.TryGetValue(setting.Key, out var value) && value != setting.Value)
            .Select(setting => $"{setting.Key}: {setting.Value}, in Kafka {theirs[setting.Key]}");

        different.Order().ShouldBe(SaidToDiffer().Where(setting => ours.ContainsKey(setting.Name)).Select(setting => $"{setting.Name}: {setting.Here}, in Kafka {setting.InKafka}").Order());
    }

    private static async Task<Dictionary<string, string>> DefaultsAsync(TestedBroker broker, ResourceType type)
    {
        using var admin = Librdkafka.Admin(await broker.BootstrapServersAsync());
        var name = type == ResourceType.Broker ? $"{admin.GetMetadata(TimeSpan.FromSeconds(30)).Brokers[0].BrokerId}" : $"defaults-{Guid.NewGuid():n}";
        if (type == ResourceType.Topic) await admin.CreateTopicsAsync([new TopicSpecification { Name = name, NumPartitions = 1, ReplicationFactor = 1 }]);
        var described = (await admin.DescribeConfigsAsync([new ConfigResource { Type = type, Name = name }])).Single();
        return described.Entries.Values.SelectMany(entry => entry.Synonyms
                .Where(synonym => synonym.Source == ConfigSource.DefaultConfig && synonym.Value is not null).Take(1)
                .Select(synonym => (entry.Name, synonym.Value)))
            .ToDictionary(entry => entry.Name, entry => entry.Value);
    }

    private static IEnumerable<(string Name, string Here, string InKafka)> SaidToDiffer([CallerFilePath] string path = "") =>
        Row().Matches(File.ReadAllText(Path.Combine(Path.GetDirectoryName(path)!, "../../../docs/differences.md")).Split("<!-- defaults -->")[1])
            .Select(row => (row.Groups[1].Value, row.Groups[2].Value, row.Groups[3].Value));

    [GeneratedRegex(@"^\| `([^`]+)` \| ([^|]*) \| ([^|]*) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
