using Garam.Kafka;
using Garam.Kafka.Messages;

namespace Garam.Broker.Tests.Topics;

public sealed class TopicTests
{
    [Fact]
    public async Task Topics_ids_records_and_the_cluster_id_survive_a_restart()
    {
        using var directory = new TemporaryDirectory();
        MetadataResponse before;
        await using (var broker = await TestBroker.StartAsync(directory.Options))
        {
            await broker.CreateAsync("kept", 3, ("retention.ms", "-1"));
            await broker.CreateAsync("gone");
            await broker.DeleteAsync("gone");
            (await broker.ProduceAsync("kept", "a", "b")).BaseOffset.ShouldBe(0);
            before = await broker.MetadataAsync(autoCreate: false, "kept");
        }
        await using (var broker = await TestBroker.StartAsync(directory.Options))
        {
            var after = await broker.MetadataAsync(autoCreate: false, "kept", "gone");
            after.ClusterId.ShouldNotBeNull().ShouldBe(before.ClusterId);
            after.ClusterId!.Length.ShouldBe(22);
            after.Topics[0].TopicId.ShouldBe(before.Topics[0].TopicId);
            after.Topics[0].Partitions.Count.ShouldBe(3);
            after.Topics[1].ErrorCode.ShouldBe(ErrorCode.UnknownTopicOrPartition);
            TestBroker.Values((await broker.FetchAsync("kept", 0)).Records).ShouldBe(["a", "b"]);
            (await broker.ProduceAsync("kept", "c")).BaseOffset.ShouldBe(2);
        }
    }

    [Fact]
    public async Task A_topic_made_again_is_another_one()
    {
        using var directory = new TemporaryDirectory();
        await using (var broker = await TestBroker.StartAsync(directory.Options))
        {
            var first = await broker.CreateAsync("orders");
            await broker.ProduceAsync("orders", "old");
            (await broker.DeleteAsync("orders")).ErrorCode.ShouldBe(ErrorCode.None);
            (await broker.DeleteAsync("orders")).ErrorCode.ShouldBe(ErrorCode.UnknownTopicOrPartition);
            (await broker.CreateAsync("orders")).TopicId.ShouldNotBe(first.TopicId);
            (await broker.ListOffsetAsync("orders", -1)).Offset.ShouldBe(0);
            (await broker.ProduceAsync("orders", "new")).BaseOffset.ShouldBe(0);
        }
        await using (var broker = await TestBroker.StartAsync(directory.Options)) TestBroker.Values((await broker.FetchAsync("orders", 0)).Records).ShouldBe(["new"]);
    }

    [Fact]
    public async Task A_directory_whose_topic_was_deleted_before_a_crash_is_not_revived()
    {
        using var directory = new TemporaryDirectory();
        var copy = Path.Combine(directory.Path, "..", Path.GetFileName(directory.Path) + "-copy");
        await using (var broker = await TestBroker.StartAsync(directory.Options))
        {
            await broker.CreateAsync("orders");
            await broker.ProduceAsync("orders", "old");
        }
        Directory.Move(Path.Combine(directory.Path, "orders-0"), copy);
        await using (var broker = await TestBroker.StartAsync(directory.Options)) await broker.DeleteAsync("orders");
        // As if the process had died between the word in the metadata and the removal of the files.
        foreach (var left in Directory.GetDirectories(directory.Path, "orders-0*")) Directory.Delete(left, recursive: true);
        Directory.Move(copy, Path.Combine(directory.Path, "orders-0"));
        await using (var broker = await TestBroker.StartAsync(directory.Options))
        {
            (await broker.MetadataAsync(autoCreate: false, "orders")).Topics[0].ErrorCode.ShouldBe(ErrorCode.UnknownTopicOrPartition);
            (await broker.CreateAsync("orders")).ErrorCode.ShouldBe(ErrorCode.None);
            (await broker.FetchAsync("orders", 0)).HighWatermark.ShouldBe(0);
        }
    }

    [Fact]
    public async Task A_partition_that_has_lost_its_metadata_file_keeps_its_records()
    {
        using var directory = new TemporaryDirectory();
        Guid id;
        await using (var broker = await TestBroker.StartAsync(directory.Options))
        {
            id = (await broker.CreateAsync("orders")).TopicId;
            await broker.ProduceAsync("orders", "kept");
        }
        var metadata = Path.Combine(directory.Path, "orders-0", "partition.metadata");
        var content = await File.ReadAllTextAsync(metadata);
        File.Delete(metadata);
        await using (var broker = await TestBroker.StartAsync(directory.Options))
        {
            (await broker.MetadataAsync("orders")).Topics[0].TopicId.ShouldBe(id);
            TestBroker.Values((await broker.FetchAsync("orders", 0)).Records).ShouldBe(["kept"]);
        }
        (await File.ReadAllTextAsync(metadata)).ShouldBe(content, "it is written anew");
    }

    [Fact]
    public async Task A_topic_whose_partitions_could_not_be_made_does_not_appear_after_a_restart()
    {
        using var directory = new TemporaryDirectory();
        var inTheWay = Path.Combine(directory.Path, "orders-1");
        await using (var broker = await TestBroker.StartAsync(directory.Options))
        {
            await File.WriteAllTextAsync(inTheWay, "");
            (await broker.CreateAsync("orders", partitions: 2)).ErrorCode.ShouldBe(ErrorCode.KafkaStorageError);
            (await broker.MetadataAsync(autoCreate: false, "orders")).Topics[0].ErrorCode.ShouldBe(ErrorCode.UnknownTopicOrPartition);
        }
        File.Delete(inTheWay);
        await using (var broker = await TestBroker.StartAsync(directory.Options))
        {
            (await broker.MetadataAsync(autoCreate: false, "orders")).Topics[0].ErrorCode.ShouldBe(ErrorCode.UnknownTopicOrPartition);
            (await broker.CreateAsync("orders", partitions: 2)).ErrorCode.ShouldBe(ErrorCode.None);
        }
    }

    [Fact]
    public async Task Partitions_that_could_not_be_added_do_not_appear_after_a_restart()
    {
        using var directory = new TemporaryDirectory();
        var inTheWay = Path.Combine(directory.Path, "orders-2");
        await using (var broker = await TestBroker.StartAsync(directory.Options))
        {
            await broker.CreateAsync("orders");
            await broker.ProduceAsync("orders", "kept");
            await File.WriteAllTextAsync(inTheWay, "");
            (await GrowAsync(broker, "orders", 3)).ShouldBe(ErrorCode.KafkaStorageError);
        }
        File.Delete(inTheWay);
        await using (var broker = await TestBroker.StartAsync(directory.Options))
        {
            (await broker.MetadataAsync("orders")).Topics[0].Partitions.Count.ShouldBe(1);
            TestBroker.Values((await broker.FetchAsync("orders", 0)).Records).ShouldBe(["kept"]);
            (await GrowAsync(broker, "orders", 3)).ShouldBe(ErrorCode.None);
        }
    }

    [Fact]
    public async Task An_unknown_topic_is_made_when_both_sides_allow_it()
    {
        await using var broker = await TestBroker.StartAsync(("num.partitions", "4"));
        (await broker.MetadataAsync(autoCreate: false, "wanted")).Topics[0].ErrorCode.ShouldBe(ErrorCode.UnknownTopicOrPartition);
        (await broker.MetadataAsync("wanted")).Topics[0].ShouldSatisfyAllConditions(it => it.ErrorCode.ShouldBe(ErrorCode.UnknownTopicOrPartition), it => it.Partitions.ShouldBeEmpty());
        await Eventually.IsAsync(4, async () => (await broker.MetadataAsync("wanted")).Topics[0].Partitions.Count);
        (await broker.MetadataAsync("not a name")).Topics[0].ErrorCode.ShouldBe(ErrorCode.InvalidTopicException);

        await using var strict = await TestBroker.StartAsync(("auto.create.topics.enable", "false"));
        (await strict.MetadataAsync("wanted")).Topics[0].ErrorCode.ShouldBe(ErrorCode.UnknownTopicOrPartition);
    }

    [Fact]
    public async Task Many_clients_that_want_the_same_new_topic_get_the_same()
    {
        await using var broker = await TestBroker.StartAsync();
        var ids = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ =>
        {
            using var client = broker.Connect();
            MetadataResponse answer = null!;
            await Eventually.IsAsync(ErrorCode.None, async () =>
            {
                answer = await client.CallAsync<MetadataRequest, MetadataResponse>(
                    ApiKey.Metadata, 12, new MetadataRequest { Topics = [new MetadataRequest.MetadataRequestTopic { Name = "popular" }] });
                return answer.Topics[0].ErrorCode;
            });
            return answer.Topics[0].TopicId;
        }));
        ids.Distinct().ShouldHaveSingleItem().ShouldNotBe(Guid.Empty);
    }

    [Fact]
    public async Task All_topics_are_listed_when_none_is_named_and_none_when_the_list_is_empty()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateAsync("b");
        await broker.CreateAsync("a");
        (await broker.Client.CallAsync<MetadataRequest, MetadataResponse>(ApiKey.Metadata, 9, new MetadataRequest { Topics = null })).Topics.Select(topic => topic.Name).ShouldBe(["a", "b"]);
        (await broker.Client.CallAsync<MetadataRequest, MetadataResponse>(ApiKey.Metadata, 9, new MetadataRequest { Topics = [] })).Topics.ShouldBeEmpty();
        (await broker.Client.CallAsync<MetadataRequest, MetadataResponse>(ApiKey.Metadata, 0, new MetadataRequest { Topics = [] })).Topics.Count.ShouldBe(2);
    }

    [Fact]
    public async Task The_groups_own_topic_is_flagged_and_neither_made_nor_deleted_by_clients()
    {
        await using var broker = await TestBroker.StartAsync();
        (await broker.CreateAsync("__consumer_offsets")).ErrorCode.ShouldBe(ErrorCode.InvalidTopicException);
        await broker.CreateAsync("orders");
        await broker.Client.CallAsync<OffsetCommitRequest, OffsetCommitResponse>(ApiKey.OffsetCommit, 8, new OffsetCommitRequest
        {
            GroupId = "group",
            Topics = [new() { Name = "orders", Partitions = [new() { CommittedOffset = 0 }] }],
        });
        (await broker.MetadataAsync("__consumer_offsets", "orders")).Topics.Select(topic => topic.IsInternal).ShouldBe([true, false]);
        (await broker.DeleteAsync("__consumer_offsets")).ErrorCode.ShouldNotBe(ErrorCode.None);
        (await broker.MetadataAsync("__consumer_offsets")).Topics[0].ErrorCode.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public async Task A_topic_is_found_by_its_id()
    {
        await using var broker = await TestBroker.StartAsync();
        var id = (await broker.CreateAsync("orders")).TopicId;
        var answer = await broker.Client.CallAsync<MetadataRequest, MetadataResponse>(ApiKey.Metadata, 12, new MetadataRequest
        {
            Topics = [new MetadataRequest.MetadataRequestTopic { Name = null, TopicId = id }, new MetadataRequest.MetadataRequestTopic { Name = null, TopicId = Guid.NewGuid() }],
        });
        answer.Topics[0].Name.ShouldBe("orders");
        answer.Topics[1].ErrorCode.ShouldBe(ErrorCode.UnknownTopicId);
    }

    [Theory]
    [InlineData("", ErrorCode.InvalidTopicException)]
    [InlineData(".", ErrorCode.InvalidTopicException)]
    [InlineData("..", ErrorCode.InvalidTopicException)]
    [InlineData("a b", ErrorCode.InvalidTopicException)]
    [InlineData("가람", ErrorCode.InvalidTopicException)]
    [InlineData("../../etc", ErrorCode.InvalidTopicException)]
    [InlineData("a_b", ErrorCode.InvalidTopicException)]
    [InlineData("__metadata", ErrorCode.InvalidTopicException)]
    [InlineData("a.b", ErrorCode.TopicAlreadyExists)]
    [InlineData("a-b", ErrorCode.None)]
    public async Task A_name_is_checked(string name, ErrorCode error)
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateAsync("a.b");
        var result = await broker.CreateAsync(name);
        result.ErrorCode.ShouldBe(error, result.ErrorMessage);
        if (error != ErrorCode.None) result.ErrorMessage.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task A_name_has_at_most_249_characters()
    {
        await using var broker = await TestBroker.StartAsync();
        (await broker.CreateAsync(new string('n', 249))).ErrorCode.ShouldBe(ErrorCode.None);
        (await broker.CreateAsync(new string('m', 250))).ErrorCode.ShouldBe(ErrorCode.InvalidTopicException);
    }

    [Theory]
    [InlineData("no.such", "1")]
    [InlineData("retention.ms", "soon")]
    [InlineData("min.insync.replicas", "2")]
    public async Task A_topic_with_a_setting_that_is_not_honoured_is_not_made(string name, string value)
    {
        await using var broker = await TestBroker.StartAsync();
        var result = await broker.CreateAsync("orders", 1, (name, value));
        result.ErrorCode.ShouldBe(ErrorCode.InvalidConfig);
        result.ErrorMessage.ShouldNotBeNull().ShouldContain(name);
        (await broker.MetadataAsync(autoCreate: false, "orders")).Topics[0].ErrorCode.ShouldBe(ErrorCode.UnknownTopicOrPartition);
    }

    [Theory]
    [InlineData(0, -1, ErrorCode.InvalidPartitions)]
    [InlineData(-2, -1, ErrorCode.InvalidPartitions)]
    [InlineData(1_000_000, -1, ErrorCode.PolicyViolation)]
    [InlineData(1, 3, ErrorCode.InvalidReplicationFactor)]
    [InlineData(1, 0, ErrorCode.InvalidReplicationFactor)]
    [InlineData(-1, 1, ErrorCode.None)]
    public async Task Numbers_of_partitions_and_replicas_are_checked(int partitions, short replicas, ErrorCode error)
    {
        await using var broker = await TestBroker.StartAsync();
        var response = await broker.Client.CallAsync<CreateTopicsRequest, CreateTopicsResponse>(ApiKey.CreateTopics, 5, new CreateTopicsRequest
        {
            Topics = [new CreateTopicsRequest.CreatableTopic { Name = "orders", NumPartitions = partitions, ReplicationFactor = replicas }],
        });
        response.Topics.ShouldHaveSingleItem().ErrorCode.ShouldBe(error);
    }

    [Fact]
    public async Task Validation_alone_makes_nothing_and_a_name_twice_is_refused()
    {
        await using var broker = await TestBroker.StartAsync();
        var topic = new CreateTopicsRequest.CreatableTopic { Name = "orders", NumPartitions = 2, ReplicationFactor = 1 };
        var validated = await broker.Client.CallAsync<CreateTopicsRequest, CreateTopicsResponse>(
            ApiKey.CreateTopics, 7, new CreateTopicsRequest { Topics = [topic], ValidateOnly = true });
        validated.Topics.ShouldHaveSingleItem().ShouldSatisfyAllConditions(it => it.ErrorCode.ShouldBe(ErrorCode.None), it => it.NumPartitions.ShouldBe(2));
        var twice = await broker.Client.CallAsync<CreateTopicsRequest, CreateTopicsResponse>(ApiKey.CreateTopics, 7, new CreateTopicsRequest { Topics = [topic, topic] });
        twice.Topics.ShouldHaveSingleItem().ErrorCode.ShouldBe(ErrorCode.InvalidRequest);
        (await broker.MetadataAsync(autoCreate: false, "orders")).Topics[0].ErrorCode.ShouldBe(ErrorCode.UnknownTopicOrPartition);
    }

    [Fact]
    public async Task Partitions_only_grow()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateAsync("orders", 2);
        await broker.ProduceAsync("orders", "kept");
        (await GrowAsync(broker, "orders", 2)).ShouldBe(ErrorCode.InvalidPartitions);
        (await GrowAsync(broker, "orders", 1)).ShouldBe(ErrorCode.InvalidPartitions);
        (await GrowAsync(broker, "none", 3)).ShouldBe(ErrorCode.UnknownTopicOrPartition);
        (await GrowAsync(broker, "orders", 5)).ShouldBe(ErrorCode.None);
        (await broker.MetadataAsync("orders")).Topics[0].Partitions.Count.ShouldBe(5);
        TestBroker.Values((await broker.FetchAsync("orders", 0)).Records).ShouldBe(["kept"]);
        (await broker.ProduceAsync("orders", 4, TestBroker.Batch("x"))).ErrorCode.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public async Task Settings_are_described_with_where_they_come_from()
    {
        await using var broker = await TestBroker.StartAsync(("log.retention.hours", "1"));
        await broker.CreateAsync("orders", 1, ("cleanup.policy", "compact"));
        var response = await broker.Client.CallAsync<DescribeConfigsRequest, DescribeConfigsResponse>(ApiKey.DescribeConfigs, 4, new DescribeConfigsRequest
        {
            IncludeSynonyms = true,
            IncludeDocumentation = true,
            Resources =
            [
                new DescribeConfigsRequest.DescribeConfigsResource { ResourceType = 2, ResourceName = "orders", ConfigurationKeys = null },
                new DescribeConfigsRequest.DescribeConfigsResource { ResourceType = 2, ResourceName = "none", ConfigurationKeys = null },
                new DescribeConfigsRequest.DescribeConfigsResource { ResourceType = 4, ResourceName = "1", ConfigurationKeys = ["num.partitions"] },
            ],
        });
        var configs = response.Results[0].Configs.ToDictionary(config => config.Name);
        configs["cleanup.policy"].ShouldSatisfyAllConditions(it => it.Value.ShouldBe("compact"), it => it.ConfigSource.ShouldBe((sbyte)1));
        configs["retention.ms"].ShouldSatisfyAllConditions(it => it.Value.ShouldBe("3600000"), it => it.ConfigSource.ShouldBe((sbyte)4), it => it.Synonyms[0].Name.ShouldBe("log.retention.hours"));
        configs["segment.bytes"].ShouldSatisfyAllConditions(it => it.Value.ShouldBe("1073741824"), it => it.ConfigSource.ShouldBe((sbyte)5), it => it.Documentation.ShouldNotBeNullOrEmpty());
        foreach (var name in new[] { "max.message.bytes", "min.insync.replicas", "message.timestamp.type" }) configs.ShouldContainKey(name);
        response.Results[1].ErrorCode.ShouldBe(ErrorCode.UnknownTopicOrPartition);
        response.Results[2].Configs.ShouldHaveSingleItem().Value.ShouldBe("1");
    }

    [Fact]
    public async Task Producer_ids_are_never_given_twice_not_even_across_a_restart()
    {
        using var directory = new TemporaryDirectory();
        var ids = new HashSet<long>();
        for (var start = 0; start < 3; start++)
        {
            await using var broker = await TestBroker.StartAsync(directory.Options);
            for (var i = 0; i < 1500; i++)
            {
                var response = await broker.Client.CallAsync<InitProducerIdRequest, InitProducerIdResponse>(ApiKey.InitProducerId, 4, new InitProducerIdRequest { TransactionalId = null });
                response.ErrorCode.ShouldBe(ErrorCode.None);
                response.ProducerEpoch.ShouldBe((short)0);
                ids.Add(response.ProducerId).ShouldBeTrue();
            }
        }
    }

    private static async Task<ErrorCode> GrowAsync(TestBroker broker, string topic, int count) =>
        (await broker.Client.CallAsync<CreatePartitionsRequest, CreatePartitionsResponse>(ApiKey.CreatePartitions, 3, new CreatePartitionsRequest
        {
            Topics = [new CreatePartitionsRequest.CreatePartitionsTopic { Name = topic, Count = count, Assignments = null }],
        })).Results.ShouldHaveSingleItem().ErrorCode;
}
