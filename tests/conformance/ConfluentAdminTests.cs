using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Garam.Conformance.Brokers;
using Garam.Conformance.Clients;

namespace Garam.Conformance;

/// <summary>Topics, configurations and groups, managed by Confluent.Kafka.</summary>
public abstract class ConfluentAdminTests(TestedBroker broker)
{
    private readonly string _name = $"admin-{Guid.NewGuid():n}";

    [Fact]
    public async Task A_topic_is_created_once_grows_and_is_deleted()
    {
        using var admin = await ConnectAsync();
        await admin.CreateTopicsAsync([new TopicSpecification { Name = _name, NumPartitions = 2, ReplicationFactor = 1 }]);

        var twice = await Should.ThrowAsync<CreateTopicsException>(() =>
            admin.CreateTopicsAsync([new TopicSpecification { Name = _name, NumPartitions = 2, ReplicationFactor = 1 }]));
        twice.Results.Single().Error.Code.ShouldBe(ErrorCode.TopicAlreadyExists);

        await admin.CreatePartitionsAsync([new PartitionsSpecification { Topic = _name, IncreaseTo = 5 }]);
        await UntilAsync(() => Partitions(admin) == 5);

        await admin.DeleteTopicsAsync([_name]);
        await UntilAsync(() => Partitions(admin) == 0);
        var gone = await Should.ThrowAsync<DeleteTopicsException>(() => admin.DeleteTopicsAsync([_name]));
        gone.Results.Single().Error.Code.ShouldBe(ErrorCode.UnknownTopicOrPart);
    }

    [Theory]
    [InlineData("no spaces", 1, 1, ErrorCode.TopicException)]
    [InlineData("..", 1, 1, ErrorCode.TopicException)]
    [InlineData("zero-partitions", 0, 1, ErrorCode.InvalidPartitions)]
    [InlineData("too-many-replicas", 1, 100, ErrorCode.InvalidReplicationFactor)]
    public async Task A_topic_that_cannot_be_is_refused(string topic, int partitions, short replicas, ErrorCode expected)
    {
        using var admin = await ConnectAsync();
        var refused = await Should.ThrowAsync<CreateTopicsException>(() =>
            admin.CreateTopicsAsync([new TopicSpecification { Name = topic, NumPartitions = partitions, ReplicationFactor = replicas }]));
        refused.Results.Single().Error.Code.ShouldBe(expected);
    }

    [Fact]
    public async Task Configurations_are_kept_and_unknown_ones_refused()
    {
        using var admin = await ConnectAsync();
        await CreateAsync(admin, new() { ["cleanup.policy"] = "compact", ["retention.ms"] = "86400000" });

        var described = await admin.DescribeConfigsAsync([new ConfigResource { Type = ResourceType.Topic, Name = _name }]);
        var entries = described.Single().Entries;
        entries["cleanup.policy"].Value.ShouldBe("compact");
        entries["cleanup.policy"].Source.ShouldBe(ConfigSource.DynamicTopicConfig);
        entries["retention.ms"].Value.ShouldBe("86400000");
        entries["max.message.bytes"].Value.ShouldBe("1048588");
        entries["max.message.bytes"].IsDefault.ShouldBeTrue();

        var refused = await Should.ThrowAsync<CreateTopicsException>(() => CreateAsync(admin, new() { ["no.such.config"] = "1" }, "-bad"));
        refused.Results.Single().Error.Code.ShouldBe(ErrorCode.InvalidConfig);
    }

    [Fact]
    public async Task A_group_is_listed_described_and_deleted_with_its_offsets()
    {
        using var admin = await ConnectAsync();
        await CreateAsync(admin, []);
        var bootstrap = await broker.BootstrapServersAsync();
        var settings = new ConsumerConfig { BootstrapServers = bootstrap, GroupId = _name, EnableAutoCommit = false, ClientId = "reader" };
        using (var consumer = new ConsumerBuilder<string, string>(settings).Build())
        {
            consumer.Subscribe(_name);
            await UntilAsync(() =>
            {
                consumer.Consume(TimeSpan.FromMilliseconds(50));
                return consumer.Assignment.Count == 1;
            });
            consumer.Commit([new TopicPartitionOffset(_name, 0, 3)]);

            var group = (await admin.DescribeConsumerGroupsAsync([_name])).ConsumerGroupDescriptions.Single();
            group.State.ShouldBe(ConsumerGroupState.Stable);
            group.PartitionAssignor.ShouldBe("range");
            var member = group.Members.ShouldHaveSingleItem();
            member.ClientId.ShouldBe("reader");
            member.Assignment.TopicPartitions.ShouldBe([new TopicPartition(_name, 0)]);

            var busy = await Should.ThrowAsync<DeleteGroupsException>(() => admin.DeleteGroupsAsync([_name]));
            busy.Results.Single().Error.Code.ShouldBe(ErrorCode.NonEmptyGroup);
            consumer.Close();
        }

        (await admin.ListConsumerGroupsAsync()).Valid.Single(group => group.GroupId == _name).State.ShouldBe(ConsumerGroupState.Empty);
        var offsets = await admin.ListConsumerGroupOffsetsAsync([new ConsumerGroupTopicPartitions(_name, null)]);
        offsets.Single().Partitions.Single().Offset.ShouldBe(new Offset(3));

        await admin.DeleteGroupsAsync([_name]);
        (await admin.ListConsumerGroupsAsync()).Valid.ShouldNotContain(group => group.GroupId == _name);
    }

    [Fact]
    public async Task The_offsets_of_an_empty_group_can_be_set()
    {
        using var admin = await ConnectAsync();
        await CreateAsync(admin, []);

        await admin.AlterConsumerGroupOffsetsAsync([new ConsumerGroupTopicPartitionOffsets(_name, [new TopicPartitionOffset(_name, 0, 42)])]);

        var offsets = await admin.ListConsumerGroupOffsetsAsync([new ConsumerGroupTopicPartitions(_name, null)]);
        offsets.Single().Partitions.Single().Offset.ShouldBe(new Offset(42));
    }

    [Fact]
    public async Task The_cluster_describes_itself()
    {
        using var admin = await ConnectAsync();
        var cluster = await admin.DescribeClusterAsync();
        cluster.ClusterId.ShouldNotBeNullOrEmpty();
        cluster.Nodes.Select(node => $"{node.Host}:{node.Port}").ShouldContain(await broker.BootstrapServersAsync());
        cluster.Nodes.Select(node => node.Id).ShouldContain(cluster.Controller.Id);
    }

    private async Task<IAdminClient> ConnectAsync()
    {
        return Librdkafka.Admin(await broker.BootstrapServersAsync());
    }

    private Task CreateAsync(IAdminClient admin, Dictionary<string, string> configs, string suffix = "") =>
        admin.CreateTopicsAsync([new TopicSpecification { Name = _name + suffix, NumPartitions = 1, ReplicationFactor = 1, Configs = configs }]);

    /// <summary>How many partitions the topic has; 0 when there is no such topic.</summary>
    private int Partitions(IAdminClient admin) => admin.GetMetadata(TimeSpan.FromSeconds(30)).Topics
        .SingleOrDefault(topic => topic.Topic == _name)?.Partitions.Count ?? 0;

    /// <summary>Asks again until it is so: a controller tells its brokers a moment after it has answered.</summary>
    private static async Task UntilAsync(Func<bool> condition)
    {
        var deadline = DateTime.UtcNow.AddSeconds(30);
        while (!condition())
        {
            DateTime.UtcNow.ShouldBeLessThan(deadline, "it did not become so within 30 s");
            await Task.Yield();
        }
    }
}

public sealed class ConfluentAdminOnGaramTests(GaramBroker broker) : ConfluentAdminTests(broker);

public sealed class ConfluentAdminOnApacheKafkaTests(ApacheKafka broker) : ConfluentAdminTests(broker);
