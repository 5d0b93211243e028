using Garam.Conformance.Brokers;
using Garam.Kafka;
using Garam.Kafka.Messages;

namespace Garam.Conformance.Differential;

/// <summary>Settings are changed, and refused, alike; what is in force afterwards is compared, too.</summary>
public sealed class ConfigAnswersTests(GaramBroker garam, ApacheKafka kafka) : SameAnswers(garam, kafka)
{
    private const sbyte Topic = 2, Broker = 4, Set = 0, Delete = 1, Append = 2, Subtract = 3;

    [Fact]
    public Task Single_settings_change_alike_in_every_version() => CompareAsync(async (client, transcript) =>
    {
        foreach (var version in Versions(ApiKey.IncrementalAlterConfigs))
        {
            var topic = $"{Name}-{version}";
            await client.CreateTopicAsync(topic, 1, ("retention.ms", "86400000"));
            await AskAsync("set", Topic, topic, ("retention.ms", Set, "1000"), ("segment.bytes", Set, "2097152"));
            await AskAsync("set to what it is", Topic, topic, ("retention.ms", Set, "1000"));
            await AskAsync("delete", Topic, topic, ("retention.ms", Delete, null));
            await AskAsync("delete what is not set", Topic, topic, ("flush.ms", Delete, "7"));
            await AskAsync("append to a default", Topic, topic, ("cleanup.policy", Append, "compact"));
            await AskAsync("append it again", Topic, topic, ("cleanup.policy", Append, "compact"));
            await AskAsync("subtract", Topic, topic, ("cleanup.policy", Subtract, "delete"));
            await AskAsync("subtract what is not in it", Topic, topic, ("cleanup.policy", Subtract, "delete"));
            await AskAsync("append a word that is none", Topic, topic, ("cleanup.policy", Append, "shred"));
            await AskAsync("append to a number", Topic, topic, ("retention.ms", Append, "1"));
            await AskAsync("no value", Topic, topic, ("retention.ms", Set, null));
            await AskAsync("nothing", Topic, topic);
            await AskAsync("twice the same", Topic, topic, ("retention.ms", Set, "1"), ("retention.ms", Set, "2"));
            await AskAsync("unknown setting", Topic, topic, ("no.such.setting", Set, "1"));
            await AskAsync("delete an unknown setting", Topic, topic, ("no.such.setting", Delete, null));
            await AskAsync("wrong value", Topic, topic, ("retention.ms", Set, "soon"));
            await AskAsync("out of range", Topic, topic, ("min.cleanable.dirty.ratio", Set, "2"));
            await AskAsync("one right, one wrong", Topic, topic, ("flush.ms", Set, "5"), ("retention.ms", Set, "soon"));
            await AskAsync("lags that cross", Topic, topic, ("min.compaction.lag.ms", Set, "9"), ("max.compaction.lag.ms", Set, "8"));
            await AskAsync("unknown topic", Topic, $"{topic}-none", ("retention.ms", Set, "1"));
            await AskAsync("bad name", Topic, "a b", ("retention.ms", Set, "1"));
            await AskAsync("unknown kind", 77, topic, ("retention.ms", Set, "1"));
            await AskAsync("another broker", Broker, "4711", ("log.retention.ms", Set, "1"));
            await AskAsync("a broker without a number", Broker, "one", ("log.retention.ms", Set, "1"));
            await AskAsync("what brokers read once", Broker, "", ("num.partitions", Set, "3"));
            await AskAsync("a broker's wrong value", Broker, "", ("log.retention.ms", Set, "soon"));
            transcript.Add($"v{version} only checked", await ChangeAsync(client, version, Topic, topic, true, ("retention.ms", Set, "77")));
            transcript.Add($"v{version} in force", await DescribeAsync(client, topic, retention: "604800000"));

            async Task AskAsync(string what, sbyte type, string name, params (string Name, sbyte Operation, string? Value)[] changes) =>
                transcript.Add($"v{version} {what}", await ChangeAsync(client, version, type, name, false, changes));
        }
    });

    [Fact]
    public Task All_settings_are_replaced_alike_in_every_version() => CompareAsync(async (client, transcript) =>
    {
        foreach (var version in Versions(ApiKey.AlterConfigs))
        {
            var topic = $"{Name}-{version}";
            await client.CreateTopicAsync(topic, 1, ("retention.ms", "86400000"), ("flush.ms", "1000"));
            await AskAsync("replace", topic, ("retention.ms", "5000"), ("segment.bytes", "2097152"));
            await AskAsync("no value", topic, ("retention.ms", null));
            await AskAsync("unknown setting", topic, ("no.such.setting", "1"));
            await AskAsync("wrong value", topic, ("retention.ms", "soon"));
            await AskAsync("twice the same", topic, ("retention.ms", "1"), ("retention.ms", "2"));
            await AskAsync("unknown topic", $"{topic}-none", ("retention.ms", "1"));
            transcript.Add($"v{version} in force", await DescribeAsync(client, topic, retention: "5000"));
            await AskAsync("nothing", topic);
            transcript.Add($"v{version} in force then", await DescribeAsync(client, topic, retention: "604800000"));

            async Task AskAsync(string what, string name, params (string Name, string? Value)[] settings) =>
                transcript.Add($"v{version} {what}", await client.AskAsync<AlterConfigsRequest, AlterConfigsResponse>(new()
                {
                    Resources = [new() { ResourceType = Topic, ResourceName = name, Configs = [.. settings.Select(it => new AlterConfigsRequest.AlterableConfig { Name = it.Name, Value = it.Value })] }],
                }, version));
        }
    });

    [Fact]
    public Task A_resource_that_stands_there_twice_is_refused_alike() => CompareAsync(async (client, transcript) =>
    {
        await client.CreateTopicAsync(Name);
        var request = new IncrementalAlterConfigsRequest { Resources = [Resource("1"), Resource("2")] };
        transcript.Add("twice", await client.AskAsync<IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse>(request, 1));
        transcript.Add("in force", await DescribeAsync(client, Name, retention: "604800000"));

        IncrementalAlterConfigsRequest.AlterConfigsResource Resource(string value) =>
            new() { ResourceType = Topic, ResourceName = Name, Configs = [new() { Name = "retention.ms", ConfigOperation = Set, Value = value }] };
    });

    [Fact]
    public Task What_is_said_to_all_brokers_is_the_default_of_topics() => CompareAsync(async (client, transcript) =>
    {
        await client.CreateTopicAsync(Name, 1, ("flush.ms", "1000"));
        try
        {
            transcript.Add("set", await ChangeAsync(client, 1, Broker, "", false, ("log.retention.ms", Set, "123456789"), ("log.flush.interval.ms", Set, "77")));
            transcript.Add("in force", await DescribeAsync(client, Name, retention: "123456789"));
        }
        finally
        {
            transcript.Add("delete", await ChangeAsync(client, 1, Broker, "", false, ("log.retention.ms", Delete, null), ("log.flush.interval.ms", Delete, null)));
        }
        transcript.Add("in force afterwards", await DescribeAsync(client, Name, retention: "604800000"));
    });

    private static Task<IncrementalAlterConfigsResponse> ChangeAsync(
        RawClient client, short version, sbyte type, string name, bool validateOnly, params (string Name, sbyte Operation, string? Value)[] changes) =>
        client.AskAsync<IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse>(new()
        {
            Resources =
            [
                new()
                {
                    ResourceType = type,
                    ResourceName = name,
                    Configs = [.. changes.Select(it => new IncrementalAlterConfigsRequest.AlterableConfig { Name = it.Name, ConfigOperation = it.Operation, Value = it.Value })],
                },
            ],
            ValidateOnly = validateOnly,
        }, version);

    /// <summary>Kafka answers a change a moment before it is in force: waits until retention.ms has its value.</summary>
    private static async Task<object> DescribeAsync(RawClient client, string topic, string retention)
    {
        var request = new DescribeConfigsRequest
        {
            Resources =
            [
                new()
                {
                    ResourceType = Topic,
                    ResourceName = topic,
                    ConfigurationKeys = ["retention.ms", "cleanup.policy", "segment.bytes", "flush.ms", "min.cleanable.dirty.ratio", "min.compaction.lag.ms", "max.compaction.lag.ms"],
                },
            ],
        };
        while (true)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            var answer = await client.AskAsync<DescribeConfigsRequest, DescribeConfigsResponse>(request, 4);
            var settings = answer.Results.Single().Configs;
            if (settings.Single(setting => setting.Name == "retention.ms").Value != retention) continue;
            settings.Sort((left, right) => string.CompareOrdinal(left.Name, right.Name));
            return answer;
        }
    }
}
