using Garam.Conformance.Brokers;
using Garam.Kafka;
using Garam.Kafka.Messages;

namespace Garam.Conformance.Differential;

/// <summary>What tools ask about a cluster of one node.</summary>
public sealed class AdminAnswersTests(GaramBroker garam, ApacheKafka kafka) : SameAnswers(garam, kafka)
{
    [Fact]
    public Task Topics_are_described_page_by_page_alike() => CompareAsync(async (client, transcript) =>
    {
        await client.CreateTopicAsync($"{Name}-a", partitions: 3);
        await client.CreateTopicAsync($"{Name}-b", partitions: 2);
        await AskAsync("both", Request([$"{Name}-b", $"{Name}-a"]));
        await AskAsync("twice the same", Request([$"{Name}-a", $"{Name}-a"]));
        await AskAsync("not there", Request([$"{Name}-a", $"{Name}-none", "a b"]));
        await AskAsync("two partitions", Request([$"{Name}-a", $"{Name}-b"], limit: 2));
        await AskAsync("three partitions", Request([$"{Name}-a", $"{Name}-b"], limit: 3));
        await AskAsync("no partitions", Request([$"{Name}-a"], limit: 0));
        await AskAsync("fewer than none", Request([$"{Name}-a"], limit: -5));
        await AskAsync("from the middle", Request([$"{Name}-a", $"{Name}-b"], limit: 3, cursor: ($"{Name}-a", 1)));
        await AskAsync("from the second", Request([$"{Name}-a", $"{Name}-b"], cursor: ($"{Name}-b", 0)));
        await AskAsync("from behind the end", Request([$"{Name}-a", $"{Name}-b"], cursor: ($"{Name}-a", 7)));
        await AskAsync("from what is not there", Request([$"{Name}-a", $"{Name}-none"], cursor: ($"{Name}-none", 0)));
        await AskAsync("from another topic", Request([$"{Name}-a"], cursor: ($"{Name}-b", 0)));
        await AskAsync("from before the first", Request([$"{Name}-a"], cursor: ($"{Name}-a", -1)));
        await AskAsync("all from here", Request([], limit: 4, cursor: ($"{Name}-a", 1)), keep: topic => topic.Name!.StartsWith(Name, StringComparison.Ordinal));

        async Task AskAsync(string what, DescribeTopicPartitionsRequest request, Predicate<DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponseTopic>? keep = null)
        {
            var answer = await client.AskAsync<DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse>(request, 0);
            if (keep is not null)
            {
                answer.Topics.RemoveAll(topic => !keep(topic));
                answer.NextCursor = null;   // others have topics, too
            }
            transcript.Add(what, answer);
        }

        static DescribeTopicPartitionsRequest Request(string[] topics, int limit = 2000, (string Topic, int Partition)? cursor = null) => new()
        {
            Topics = [.. topics.Select(topic => new DescribeTopicPartitionsRequest.TopicRequest { Name = topic })],
            ResponsePartitionLimit = limit,
            Cursor = cursor is { } at ? new() { TopicName = at.Topic, PartitionIndex = at.Partition } : null,
        };
    });

    [Fact]
    public Task A_lonely_node_leads_everything_and_nothing_moves() => CompareAsync(async (client, transcript) =>
    {
        await client.CreateTopicAsync(Name, partitions: 2);
        foreach (var version in Versions(ApiKey.ElectLeaders))
        {
            await ElectAsync("preferred", Topic(Name, 0, 1, 2), 0);
            await ElectAsync("unclean", Topic(Name, 0), 1);
            await ElectAsync("unknown topic", Topic($"{Name}-none", 0), 0);
            await ElectAsync("all", null, 0);

            async Task ElectAsync(string what, List<ElectLeadersRequest.ElectedTopic>? topics, sbyte kind)
            {
                var answer = await client.AskAsync<ElectLeadersRequest, ElectLeadersResponse>(new() { TopicPartitions = topics, ElectionType = kind, TimeoutMs = 30_000 }, version);
                answer.ReplicaElectionResults.RemoveAll(topic => topic.PartitionResult.Count == 0);   // Kafka names topics about which it says nothing
                transcript.Add($"v{version} {what}", answer);
            }
        }
        transcript.Add("all that moves", await client.AskAsync<ListPartitionReassignmentsRequest, ListPartitionReassignmentsResponse>(new(), 0));
        transcript.Add("of these", await client.AskAsync<ListPartitionReassignmentsRequest, ListPartitionReassignmentsResponse>(
            new() { Topics = [new() { Name = Name, PartitionIndexes = [0, 9] }, new() { Name = $"{Name}-none", PartitionIndexes = [0] }] }, 0));
        foreach (var version in Versions(ApiKey.AlterPartitionReassignments))
        {
            await MoveAsync("nothing to cancel", Name, 0, null);
            await MoveAsync("to a broker that is not there", Name, 0, [77]);
            await MoveAsync("to nobody", Name, 0, []);
            await MoveAsync("an unknown partition", Name, 9, null);
            await MoveAsync("an unknown topic", $"{Name}-none", 0, [77]);

            async Task MoveAsync(string what, string topic, int partition, List<int>? replicas) =>
                transcript.Add($"v{version} {what}", await client.AskAsync<AlterPartitionReassignmentsRequest, AlterPartitionReassignmentsResponse>(
                    new() { Topics = [new() { Name = topic, Partitions = [new() { PartitionIndex = partition, Replicas = replicas }] }] }, version));
        }

        static List<ElectLeadersRequest.ElectedTopic> Topic(string name, params int[] partitions) => [new() { Topic = name, Partitions = [.. partitions] }];
    });

    [Fact]
    public Task Log_directories_are_described_alike_in_every_version() => CompareAsync(async (client, transcript) =>
    {
        await client.CreateTopicAsync(Name, partitions: 2);
        var batch = Batch("a", "b");
        await client.AskAsync<ProduceRequest, ProduceResponse>(
            new() { Acks = -1, TimeoutMs = 30_000, TopicData = [new() { Name = Name, PartitionData = [new() { Index = 1, Records = batch }] }] }, 9);
        foreach (var version in Versions(ApiKey.DescribeLogDirs))
        {
            await AskAsync("all", null);
            await AskAsync("one partition", [new() { Topic = Name, Partitions = [1] }]);
            await AskAsync("unknown partition", [new() { Topic = Name, Partitions = [5] }]);
            await AskAsync("unknown topic", [new() { Topic = $"{Name}-none", Partitions = [0] }]);
            await AskAsync("no topics", []);

            async Task AskAsync(string what, List<DescribeLogDirsRequest.DescribableLogDirTopic>? topics)
            {
                var answer = await client.AskAsync<DescribeLogDirsRequest, DescribeLogDirsResponse>(new() { Topics = topics }, version);
                foreach (var directory in answer.Results)
                {
                    directory.Topics.RemoveAll(topic => topic.Name != Name);
                    directory.Topics.ForEach(topic => topic.Partitions.Sort((one, other) => one.PartitionIndex - other.PartitionIndex));
                    (directory.LogDir, directory.TotalBytes, directory.UsableBytes) = ("", Math.Min(directory.TotalBytes, 1), Math.Min(directory.UsableBytes, 1));
                }
                transcript.Add($"v{version} {what}", answer);
            }
        }
        foreach (var version in Versions(ApiKey.AlterReplicaLogDirs))
        {
            await MoveAsync("there", Name, 0);
            await MoveAsync("unknown partition", Name, 9);
            await MoveAsync("unknown topic", $"{Name}-none", 0);

            async Task MoveAsync(string what, string topic, int partition) =>
                transcript.Add($"v{version} {what}", await client.AskAsync<AlterReplicaLogDirsRequest, AlterReplicaLogDirsResponse>(
                    new() { Dirs = [new() { Path = "/nowhere", Topics = [new() { Name = topic, Partitions = [partition] }] }] }, version));
        }
    });

    [Fact]
    public Task Resources_with_settings_are_listed_alike() => CompareAsync(async (client, transcript) =>
    {
        await client.CreateTopicAsync(Name);
        foreach (var version in Versions(ApiKey.ListConfigResources))
        {
            await AskAsync("all", []);
            if (version >= 1)
            {
                await AskAsync("topics", [2]);
                await AskAsync("topics twice", [2, 2]);
                await AskAsync("brokers", [4]);
                await AskAsync("client metrics and groups", [16, 32]);
                await AskAsync("a type that is none", [99]);
            }

            async Task AskAsync(string what, List<sbyte> types)
            {
                var answer = await client.AskAsync<ListConfigResourcesRequest, ListConfigResourcesResponse>(new() { ResourceTypes = types }, version);
                // Broker ids differ, others have topics, and loggers are a matter of the implementation.
                answer.ConfigResources.RemoveAll(resource => resource.ResourceType == 8 || (resource.ResourceType == 2 && resource.ResourceName != Name));
                answer.ConfigResources.Where(resource => resource.ResourceType == 4).ToList().ForEach(resource => resource.ResourceName = "");
                transcript.Add($"v{version} {what}", answer);
            }
        }
    });

    [Fact]
    public Task The_quorum_features_and_brokers_answer_alike() => CompareAsync(async (client, transcript) =>
    {
        foreach (var version in Versions(ApiKey.DescribeQuorum))
        {
            await AskAsync("the metadata", "__cluster_metadata", 0);
            await AskAsync("another partition", "__cluster_metadata", 1);
            await AskAsync("another topic", Name, 0);

            async Task AskAsync(string what, string topic, int partition)
            {
                var answer = await client.AskAsync<DescribeQuorumRequest, DescribeQuorumResponse>(
                    new() { Topics = [new() { TopicName = topic, Partitions = [new() { PartitionIndex = partition }] }] }, version);
                foreach (var described in answer.Topics.SelectMany(it => it.Partitions).Where(it => it.ErrorCode == ErrorCode.None))
                {
                    (described.LeaderEpoch, described.HighWatermark) = (0, Math.Min(described.HighWatermark, 1));
                    described.CurrentVoters.ForEach(voter => (voter.ReplicaId, voter.ReplicaDirectoryId, voter.LogEndOffset, voter.LastCaughtUpTimestamp, voter.LastFetchTimestamp) =
                        (0, Guid.Empty, Math.Min(voter.LogEndOffset, 1), Math.Min(voter.LastCaughtUpTimestamp, 1), Math.Min(voter.LastFetchTimestamp, 1)));
                }
                answer.Nodes.ForEach(node => node.Listeners = []);
                transcript.Add($"v{version} {what}", answer);
            }
        }
        foreach (var version in Versions(ApiKey.UpdateFeatures))
        {
            transcript.Add($"v{version} unknown feature", await client.AskAsync<UpdateFeaturesRequest, UpdateFeaturesResponse>(
                new() { FeatureUpdates = [new() { Feature = "no.such.feature", MaxVersionLevel = 1 }] }, version));
            transcript.Add($"v{version} nothing", await client.AskAsync<UpdateFeaturesRequest, UpdateFeaturesResponse>(new(), version));
        }
        transcript.Add("a broker that is not there", await client.AskAsync<UnregisterBrokerRequest, UnregisterBrokerResponse>(new() { BrokerId = 4711 }, 0));
    });
}
