using Garam.Conformance.Brokers;
using Garam.Kafka;
using Garam.Kafka.Messages;

namespace Garam.Conformance.Differential;

public sealed class TopicAnswersTests(GaramBroker garam, ApacheKafka kafka) : SameAnswers(garam, kafka)
{
    [Fact]
    public Task Metadata_of_topics_that_are_there_and_that_are_not_in_every_version() => CompareAsync(async (client, transcript) =>
    {
        var id = await client.CreateTopicAsync(Name, partitions: 2);
        foreach (var version in Versions(ApiKey.Metadata))
        {
            await AskAsync("there", new() { Topics = [new() { Name = Name }] });
            if (version >= 4)   // below, asking creates the topic
            {
                await AskAsync("not there", new() { Topics = [new() { Name = $"{Name}-none" }], AllowAutoTopicCreation = false });
            }
            await AskAsync("no such name", new() { Topics = [new() { Name = "a b" }], AllowAutoTopicCreation = false });
            await AskAsync("created by asking", new() { Topics = [new() { Name = $"{Name}-{version}" }], AllowAutoTopicCreation = true });
            await AskAsync("a bad name, to be created", new() { Topics = [new() { Name = "a b" }], AllowAutoTopicCreation = true });
            transcript.Add($"v{version} created", await WhenCreatedAsync(client, $"{Name}-{version}"));
            if (version >= 1)
            {
                await AskAsync("none", new() { Topics = [] });
            }
            if (version >= 12)
            {
                await AskAsync("by id", new() { Topics = [new() { Name = null, TopicId = id }] });
                await AskAsync("by an id that nobody has", new() { Topics = [new() { Name = null, TopicId = Guid.NewGuid() }] });
            }

            async Task AskAsync(string what, MetadataRequest request) =>
                transcript.Add($"v{version} {what}", await client.AskAsync<MetadataRequest, MetadataResponse>(request, version));
        }
    });

    [Fact]
    public Task A_deleted_topic_that_is_asked_for_is_not_in_the_answer_and_is_created_afterwards() => CompareAsync(async (client, transcript) =>
    {
        await client.CreateTopicAsync(Name, partitions: 2);
        transcript.Add("deleted", await client.AskAsync<DeleteTopicsRequest, DeleteTopicsResponse>(new() { TopicNames = [Name], TimeoutMs = 30_000 }, 3));
        await WhenAsync(client, $"{Name}", ErrorCode.UnknownTopicOrPartition, mayCreate: false);
        transcript.Add("asked for", await client.AskAsync<MetadataRequest, MetadataResponse>(new() { Topics = [new() { Name = Name }], AllowAutoTopicCreation = true }, 9));
        transcript.Add("created", await WhenCreatedAsync(client, Name));
    });

    private static async Task<int> WhenCreatedAsync(RawClient client, string topic) =>
        (await WhenAsync(client, topic, ErrorCode.None, mayCreate: true)).Topics[0].Partitions.Count;

    private static async Task<MetadataResponse> WhenAsync(RawClient client, string topic, ErrorCode error, bool mayCreate)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var answer = await client.AskAsync<MetadataRequest, MetadataResponse>(new() { Topics = [new() { Name = topic }], AllowAutoTopicCreation = mayCreate }, 9);
            if (answer.Topics[0].ErrorCode == error)
            {
                return answer;
            }
            patience.Token.ThrowIfCancellationRequested();
            await Task.Delay(20, patience.Token);
        }
    }

    [Fact]
    public Task What_asks_for_too_much_gets_as_little() => CompareAsync(async (client, transcript) =>
    {
        await client.CreateTopicAsync(Name);
        transcript.Add("one name many times", await client.AskAsync<MetadataRequest, MetadataResponse>(
            new() { Topics = [.. Enumerable.Repeat(Name, 100).Select(name => new MetadataRequest.MetadataRequestTopic { Name = name })] }, 12));
        transcript.Add("twelve thousand partitions", await client.AskAsync<CreateTopicsRequest, CreateTopicsResponse>(new()
        {
            Topics = [.. Enumerable.Range(0, 3).Select(i => new CreateTopicsRequest.CreatableTopic { Name = $"{Name}-{i}", NumPartitions = 4_000, ReplicationFactor = 1 })],
            ValidateOnly = true,
            TimeoutMs = 30_000,
        }, 7));
    });

    [Fact]
    public Task Topics_are_created_or_refused_alike_in_every_version() => CompareAsync(async (client, transcript) =>
    {
        await client.CreateTopicAsync(Name);
        foreach (var version in Versions(ApiKey.CreateTopics))
        {
            await AskAsync("there already", Topic(Name));
            await AskAsync("empty name", Topic(""));
            await AskAsync("dots", Topic(".."));
            await AskAsync("too long a name", Topic(new string('a', 250)));
            await AskAsync("a letter that is none", Topic("가람"));
            await AskAsync("no partitions", Topic($"{Name}-{version}", partitions: 0));
            await AskAsync("fewer than no partitions", Topic($"{Name}-{version}", partitions: -2));
            await AskAsync("more replicas than brokers", Topic($"{Name}-{version}", replicas: 3));
            await AskAsync("no replicas", Topic($"{Name}-{version}", replicas: 0));
            await AskAsync("by default", Topic($"{Name}-{version}", partitions: -1, replicas: -1));
            await AskAsync("unknown configuration", Topic($"{Name}-c-{version}", config: ("no.such.config", "1")));
            await AskAsync("wrong value", Topic($"{Name}-c-{version}", config: ("retention.ms", "soon")));
            await AskAsync("only checked", Topic($"{Name}-v-{version}"), validateOnly: true);
            await AskAsync("not made by the check", Topic($"{Name}-v-{version}"));
            await AskAsync("assignment and count", Topic($"{Name}-a-{version}", assignment: 1));

            async Task AskAsync(string what, CreateTopicsRequest.CreatableTopic topic, bool validateOnly = false)
            {
                var request = new CreateTopicsRequest { Topics = [topic], TimeoutMs = 30_000, ValidateOnly = validateOnly };
                var answer = await client.AskAsync<CreateTopicsRequest, CreateTopicsResponse>(request, version);
                answer.Topics.ForEach(created => created.Configs = []);   // which settings there are is no matter of the protocol
                transcript.Add($"v{version} {what}", answer);
            }
        }
    });

    [Fact]
    public Task Partitions_are_added_or_refused_alike_in_every_version() => CompareAsync(async (client, transcript) =>
    {
        await client.CreateTopicAsync(Name, partitions: 2);
        foreach (var version in Versions(ApiKey.CreatePartitions))
        {
            await AskAsync("fewer", Name, 1);
            await AskAsync("as many", Name, 2 + version);
            await AskAsync("one more", Name, 3 + version);
            await AskAsync("unknown topic", $"{Name}-none", 5);
            await AskAsync("negative", Name, -1);

            async Task AskAsync(string what, string topic, int count)
            {
                var request = new CreatePartitionsRequest { Topics = [new() { Name = topic, Count = count, Assignments = null }], TimeoutMs = 30_000 };
                transcript.Add($"v{version} {what}", await client.AskAsync<CreatePartitionsRequest, CreatePartitionsResponse>(request, version));
            }
        }
    });

    [Fact]
    public Task Topics_are_deleted_or_refused_alike_in_every_version() => CompareAsync(async (client, transcript) =>
    {
        foreach (var version in Versions(ApiKey.DeleteTopics))
        {
            var id = await client.CreateTopicAsync($"{Name}-{version}");
            await AskAsync("there", $"{Name}-{version}", Guid.Empty);
            await AskAsync("gone", $"{Name}-{version}", Guid.Empty);
            if (version >= 6)
            {
                await AskAsync("gone by id", null, id);
                await AskAsync("by another id", null, Guid.NewGuid());
                await AskAsync("by name and id", Name, id);
                await AskAsync("by nothing", null, Guid.Empty);
            }

            async Task AskAsync(string what, string? name, Guid topicId)
            {
                var request = new DeleteTopicsRequest
                {
                    TimeoutMs = 30_000,
                    Topics = [new() { Name = name, TopicId = topicId }],
                    TopicNames = [name ?? ""],
                };
                var answer = await client.AskAsync<DeleteTopicsRequest, DeleteTopicsResponse>(request, version);
                transcript.Add($"v{version} {what}", answer);
            }
        }
    });

    [Fact]
    public Task Configurations_are_described_alike_in_every_version() => CompareAsync(async (client, transcript) =>
    {
        await client.CreateTopicAsync(Name, 1, ("retention.ms", "86400000"), ("cleanup.policy", "compact,delete"));
        string[] settings = ["retention.ms", "cleanup.policy", "max.message.bytes", "segment.bytes", "message.timestamp.type"];
        foreach (var version in Versions(ApiKey.DescribeConfigs))
        {
            await AskAsync("topic", 2, Name);
            await AskAsync("unknown topic", 2, $"{Name}-none");
            await AskAsync("bad name", 2, "a b");
            await AskAsync("unknown kind", 77, Name);
            foreach (var keys in (List<string>?[])[null, []])
            {
                var all = await client.AskAsync<DescribeConfigsRequest, DescribeConfigsResponse>(
                    new() { Resources = [new() { ResourceType = 2, ResourceName = Name, ConfigurationKeys = keys }] }, version);
                transcript.Add($"v{version} all", all.Results.Single().Configs.Count > 10);
            }

            async Task AskAsync(string what, sbyte type, string name)
            {
                var request = new DescribeConfigsRequest
                {
                    IncludeSynonyms = false,
                    Resources = [new() { ResourceType = type, ResourceName = name, ConfigurationKeys = [.. settings] }],
                };
                var answer = await client.AskAsync<DescribeConfigsRequest, DescribeConfigsResponse>(request, version);
                answer.Results.ForEach(result => result.Configs.Sort((left, right) => string.CompareOrdinal(left.Name, right.Name)));
                transcript.Add($"v{version} {what}", answer);
            }
        }
    });

    private static CreateTopicsRequest.CreatableTopic Topic(
        string name, int partitions = 1, short replicas = 1, (string Name, string Value)? config = null, int? assignment = null)
    {
        var topic = new CreateTopicsRequest.CreatableTopic { Name = name, NumPartitions = partitions, ReplicationFactor = replicas };
        if (config is { } setting)
        {
            topic.Configs.Add(new() { Name = setting.Name, Value = setting.Value });
        }
        if (assignment is { } broker)
        {
            topic.Assignments.Add(new() { PartitionIndex = 0, BrokerIds = [broker] });
        }
        return topic;
    }
}
