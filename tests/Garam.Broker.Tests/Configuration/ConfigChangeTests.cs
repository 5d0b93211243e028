using Garam.Kafka;
using Garam.Kafka.Messages;
using static Garam.Kafka.Messages.IncrementalAlterConfigsRequest;

namespace Garam.Broker.Tests.Configuration;

/// <summary>Settings that clients change while the broker runs.</summary>
public sealed class ConfigChangeTests
{
    private const sbyte Topic = 2, Broker = 4, Set = 0, Delete = 1, Append = 2, Subtract = 3;

    [Fact]
    public async Task A_changed_setting_holds_at_once_and_after_a_restart()
    {
        using var directory = new TemporaryDirectory();
        await using (var broker = await TestBroker.StartAsync(directory.Options))
        {
            await broker.CreateAsync("orders", 2);
            (await ChangeAsync(broker, Topic, "orders", ("max.message.bytes", Set, "100"))).ErrorCode.ShouldBe(ErrorCode.None);
            (await broker.ProduceAsync("orders", new string('a', 200))).ErrorCode.ShouldBe(ErrorCode.MessageTooLarge);
        }
        await using (var broker = await TestBroker.StartAsync(directory.Options))
        {
            (await broker.ProduceAsync("orders", new string('a', 200))).ErrorCode.ShouldBe(ErrorCode.MessageTooLarge);
            (await DescribeAsync(broker, Topic, "orders", "max.message.bytes")).ShouldBe(("100", 1));
            (await ChangeAsync(broker, Topic, "orders", ("max.message.bytes", Delete, null))).ErrorCode.ShouldBe(ErrorCode.None);
            (await broker.ProduceAsync("orders", new string('a', 200))).ErrorCode.ShouldBe(ErrorCode.None);
            (await broker.MetadataAsync("orders")).Topics[0].Partitions.Count.ShouldBe(2);
        }
    }

    [Fact]
    public async Task The_changes_of_a_resource_are_made_together_or_not_at_all()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateAsync("orders");
        var refused = await ChangeAsync(broker, Topic, "orders", ("retention.ms", Set, "5"), ("segment.bytes", Set, "many"));
        refused.ErrorCode.ShouldBe(ErrorCode.InvalidConfig);
        refused.ErrorMessage.ShouldNotBeNull().ShouldContain("segment.bytes = many");
        (await DescribeAsync(broker, Topic, "orders", "retention.ms")).ShouldBe(("604800000", 5));
        (await ChangeAsync(broker, Topic, "orders", ("min.compaction.lag.ms", Set, "9"), ("max.compaction.lag.ms", Set, "8"))).ErrorCode.ShouldBe(ErrorCode.InvalidConfig);
    }

    [Fact]
    public async Task What_is_only_validated_changes_nothing()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateAsync("orders");
        (await ChangeAsync(broker, Topic, "orders", validateOnly: true, ("retention.ms", Set, "5"))).ErrorCode.ShouldBe(ErrorCode.None);
        (await ChangeAsync(broker, Broker, "", validateOnly: true, ("log.retention.ms", Set, "5"))).ErrorCode.ShouldBe(ErrorCode.None);
        (await DescribeAsync(broker, Topic, "orders", "retention.ms")).ShouldBe(("604800000", 5));
    }

    [Fact]
    public async Task Words_are_put_into_a_list_and_taken_out_of_it()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateAsync("orders");
        await ChangeAsync(broker, Topic, "orders", ("cleanup.policy", Append, "compact"));
        (await DescribeAsync(broker, Topic, "orders", "cleanup.policy")).ShouldBe(("delete,compact", 1));
        await ChangeAsync(broker, Topic, "orders", ("cleanup.policy", Append, "compact"));
        await ChangeAsync(broker, Topic, "orders", ("cleanup.policy", Subtract, "delete"));
        (await DescribeAsync(broker, Topic, "orders", "cleanup.policy")).ShouldBe(("compact", 1));
    }

    [Fact]
    public async Task All_settings_are_replaced_by_the_older_request()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateAsync("orders", 1, ("retention.ms", "5"), ("segment.ms", "6"));
        var answer = await broker.Client.CallAsync<AlterConfigsRequest, AlterConfigsResponse>(ApiKey.AlterConfigs, 2, new()
        {
            Resources = [new() { ResourceType = Topic, ResourceName = "orders", Configs = [new() { Name = "segment.ms", Value = "7" }] }],
        });
        answer.Responses.ShouldHaveSingleItem().ErrorCode.ShouldBe(ErrorCode.None);
        (await DescribeAsync(broker, Topic, "orders", "segment.ms")).ShouldBe(("7", 1));
        (await DescribeAsync(broker, Topic, "orders", "retention.ms")).ShouldBe(("604800000", 5));
    }

    [Fact]
    public async Task What_is_said_to_the_running_broker_hides_what_it_was_started_with()
    {
        using var directory = new TemporaryDirectory();
        var options = directory.Options with { Configuration = new Dictionary<string, string> { ["message.max.bytes"] = "5000" } };
        await using (var broker = await TestBroker.StartAsync(options))
        {
            await broker.CreateAsync("orders");
            await broker.CreateAsync("large", 1, ("max.message.bytes", "1000000"));
            (await ChangeAsync(broker, Broker, "", ("message.max.bytes", Set, "2000"))).ErrorCode.ShouldBe(ErrorCode.None);
            (await DescribeAsync(broker, Topic, "orders", "max.message.bytes")).ShouldBe(("2000", 3));
            (await ChangeAsync(broker, Broker, "1", ("message.max.bytes", Set, "100"))).ErrorCode.ShouldBe(ErrorCode.None);
            (await broker.ProduceAsync("orders", new string('a', 200))).ErrorCode.ShouldBe(ErrorCode.MessageTooLarge);
            (await broker.ProduceAsync("large", new string('a', 200))).ErrorCode.ShouldBe(ErrorCode.None);
        }
        await using (var broker = await TestBroker.StartAsync(options))
        {
            (await DescribeAsync(broker, Topic, "orders", "max.message.bytes")).ShouldBe(("100", 2));
            (await DescribeAsync(broker, Broker, "1", "message.max.bytes")).ShouldBe(("100", 2));
            (await DescribeAsync(broker, Broker, "", "message.max.bytes")).ShouldBe(("2000", 3));
            await ChangeAsync(broker, Broker, "1", ("message.max.bytes", Delete, null));
            await ChangeAsync(broker, Broker, "", ("message.max.bytes", Delete, null));
            (await DescribeAsync(broker, Topic, "orders", "max.message.bytes")).ShouldBe(("5000", 4));
        }
    }

    [Theory]
    [InlineData("num.partitions", "read when the broker starts")]
    [InlineData("ssl.keystore.location", "TLS")]
    [InlineData("no.such.setting", "not a broker setting")]
    public async Task What_a_running_broker_cannot_change_is_refused_with_the_reason(string name, string reason)
    {
        await using var broker = await TestBroker.StartAsync();
        var refused = await ChangeAsync(broker, Broker, "1", (name, Set, "1"));
        refused.ErrorCode.ShouldBe(ErrorCode.InvalidRequest);
        refused.ErrorMessage.ShouldNotBeNull().ShouldContain(reason);
    }

    [Fact]
    public async Task A_refusal_fits_into_the_answer_however_long_what_it_refuses()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateAsync("orders");
        var endless = new string('x', short.MaxValue);
        var created = await broker.Client.CallAsync<CreateTopicsRequest, CreateTopicsResponse>(ApiKey.CreateTopics, 4, new()
        {
            Topics = [new() { Name = "more", NumPartitions = 1, ReplicationFactor = 1, Configs = [new() { Name = endless, Value = endless }] }],
        });
        created.Topics.ShouldHaveSingleItem().ErrorCode.ShouldBe(ErrorCode.InvalidConfig);
        var altered = await broker.Client.CallAsync<AlterConfigsRequest, AlterConfigsResponse>(ApiKey.AlterConfigs, 0, new()
        {
            Resources = [new() { ResourceType = Topic, ResourceName = "orders", Configs = [new() { Name = endless, Value = endless }, new() { Name = "retention.ms", Value = endless }] }],
        });
        altered.Responses.ShouldHaveSingleItem().ErrorCode.ShouldBe(ErrorCode.InvalidConfig);
        var elected = await broker.Client.CallAsync<ElectLeadersRequest, ElectLeadersResponse>(ApiKey.ElectLeaders, 0, new() { TopicPartitions = [new() { Topic = endless, Partitions = [1] }] });
        elected.ReplicaElectionResults[0].PartitionResult[0].ErrorCode.ShouldBe(ErrorCode.UnknownTopicOrPartition);
        var described = await broker.Client.CallAsync<DescribeConfigsRequest, DescribeConfigsResponse>(ApiKey.DescribeConfigs, 1, new() { Resources = [new() { ResourceType = 99, ResourceName = endless }] });
        described.Results.ShouldHaveSingleItem().ErrorCode.ShouldBe(ErrorCode.InvalidRequest);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(16)]
    [InlineData(32)]
    public async Task Loggers_client_metrics_and_groups_have_no_settings(sbyte type)
    {
        await using var broker = await TestBroker.StartAsync();
        var described = await broker.Client.CallAsync<DescribeConfigsRequest, DescribeConfigsResponse>(ApiKey.DescribeConfigs, 4, new() { Resources = [new() { ResourceType = type, ResourceName = "1" }] });
        described.Results.ShouldHaveSingleItem().ShouldSatisfyAllConditions(it => it.ErrorCode.ShouldBe(ErrorCode.None), it => it.Configs.ShouldBeEmpty());
        (await ChangeAsync(broker, type, "1", ("retention.ms", Set, "1"))).ErrorCode.ShouldBe(ErrorCode.InvalidRequest);
    }

    [Fact]
    public async Task Topics_are_deleted_only_where_that_is_allowed()
    {
        await using var broker = await TestBroker.StartAsync(("delete.topic.enable", "false"));
        await broker.CreateAsync("orders");
        (await broker.DeleteAsync("orders")).ErrorCode.ShouldBe(ErrorCode.TopicDeletionDisabled);
        (await broker.MetadataAsync(autoCreate: false, "orders")).Topics[0].ErrorCode.ShouldBe(ErrorCode.None);
    }

    private static Task<IncrementalAlterConfigsResponse.AlterConfigsResourceResponse> ChangeAsync(
        TestBroker broker, sbyte type, string name, params (string Name, sbyte Operation, string? Value)[] changes) => ChangeAsync(broker, type, name, false, changes);

    private static async Task<IncrementalAlterConfigsResponse.AlterConfigsResourceResponse> ChangeAsync(
        TestBroker broker, sbyte type, string name, bool validateOnly, params (string Name, sbyte Operation, string? Value)[] changes) =>
        (await broker.Client.CallAsync<IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse>(ApiKey.IncrementalAlterConfigs, 1, new()
        {
            Resources =
            [
                new()
                {
                    ResourceType = type,
                    ResourceName = name,
                    Configs = [.. changes.Select(change => new AlterableConfig { Name = change.Name, ConfigOperation = change.Operation, Value = change.Value })],
                },
            ],
            ValidateOnly = validateOnly,
        })).Responses.ShouldHaveSingleItem();

    private static async Task<(string? Value, int Source)> DescribeAsync(TestBroker broker, sbyte type, string name, string setting)
    {
        var answer = await broker.Client.CallAsync<DescribeConfigsRequest, DescribeConfigsResponse>(ApiKey.DescribeConfigs, 4, new()
        {
            Resources = [new() { ResourceType = type, ResourceName = name, ConfigurationKeys = [setting] }],
        });
        var config = answer.Results.ShouldHaveSingleItem().Configs.ShouldHaveSingleItem();
        return (config.Value, config.ConfigSource);
    }
}
