using Garam.Kafka;
using Garam.Kafka.Messages;

namespace Garam.Broker.Tests.Apis;

public sealed class AdminTests
{
    [Fact]
    public async Task Following_the_cursor_shows_every_partition_once()
    {
        await using var broker = await TestBroker.StartAsync(("max.request.partition.size.limit", "4"));
        await broker.CreateAsync("a", 3);
        await broker.CreateAsync("b", 6);
        await broker.CreateAsync("c", 1);
        var seen = new List<string>();
        var request = new DescribeTopicPartitionsRequest();
        do
        {
            var page = await broker.Client.CallAsync<DescribeTopicPartitionsRequest, DescribeTopicPartitionsResponse>(ApiKey.DescribeTopicPartitions, 0, request);
            page.Topics.Sum(topic => topic.Partitions.Count).ShouldBeLessThanOrEqualTo(4);
            seen.AddRange(page.Topics.SelectMany(topic => topic.Partitions, (topic, partition) => $"{topic.Name}-{partition.PartitionIndex}"));
            request.Cursor = page.NextCursor is { } next ? new() { TopicName = next.TopicName, PartitionIndex = next.PartitionIndex } : null;
        }
        while (request.Cursor is not null);
        seen.ShouldBe(["a-0", "a-1", "a-2", "b-0", "b-1", "b-2", "b-3", "b-4", "b-5", "c-0"]);
    }

    [Fact]
    public async Task The_log_directory_says_where_it_is_and_how_large_its_partitions_are()
    {
        using var directory = new TemporaryDirectory();
        await using var broker = await TestBroker.StartAsync(directory.Options);
        await broker.CreateAsync("orders", 2);
        await broker.ProduceAsync("orders", "a", "b");
        var described = await broker.Client.CallAsync<DescribeLogDirsRequest, DescribeLogDirsResponse>(ApiKey.DescribeLogDirs, 4, new DescribeLogDirsRequest { Topics = null });
        var result = described.Results.ShouldHaveSingleItem();
        result.LogDir.ShouldBe(Path.GetFullPath(directory.Path));
        result.TotalBytes.ShouldBeGreaterThan(result.UsableBytes);
        result.UsableBytes.ShouldBeGreaterThan(0);
        result.Topics.ShouldHaveSingleItem().Partitions.Select(partition => partition.PartitionSize)
            .ShouldBe([new FileInfo(Path.Combine(directory.Path, "orders-0", $"{0:D20}.log")).Length, 0]);
        result.Topics[0].Partitions[0].PartitionSize.ShouldBeGreaterThan(0);

        (await MoveAsync(result.LogDir)).ShouldBe(ErrorCode.None);
        (await MoveAsync("/elsewhere")).ShouldBe(ErrorCode.LogDirNotFound);

        async Task<ErrorCode> MoveAsync(string path) => (await broker.Client.CallAsync<AlterReplicaLogDirsRequest, AlterReplicaLogDirsResponse>(
            ApiKey.AlterReplicaLogDirs, 2, new() { Dirs = [new() { Path = path, Topics = [new() { Name = "orders", Partitions = [1] }] }] })).Results[0].Partitions[0].ErrorCode;
    }

    [Fact]
    public async Task The_only_node_is_the_quorum_and_cannot_be_unregistered()
    {
        await using var broker = await TestBroker.StartAsync(("node.id", "7"));
        var before = await QuorumAsync();
        await broker.CreateAsync("orders");
        var after = await QuorumAsync();
        after.LeaderId.ShouldBe(7);
        after.HighWatermark.ShouldBe(before.HighWatermark + 1);
        after.CurrentVoters.ShouldHaveSingleItem().ReplicaId.ShouldBe(7);
        (await UnregisterAsync(7)).ShouldBe(ErrorCode.InvalidRequest);
        (await UnregisterAsync(8)).ShouldBe(ErrorCode.BrokerIdNotRegistered);

        async Task<DescribeQuorumResponse.PartitionData> QuorumAsync() => (await broker.Client.CallAsync<DescribeQuorumRequest, DescribeQuorumResponse>(
            ApiKey.DescribeQuorum, 2, new() { Topics = [new() { TopicName = "__cluster_metadata", Partitions = [new()] }] })).Topics[0].Partitions[0];
        async Task<ErrorCode> UnregisterAsync(int id) => (await broker.Client.CallAsync<UnregisterBrokerRequest, UnregisterBrokerResponse>(
            ApiKey.UnregisterBroker, 0, new() { BrokerId = id })).ErrorCode;
    }

    [Fact]
    public async Task A_partition_may_be_moved_to_where_it_is()
    {
        await using var broker = await TestBroker.StartAsync(("node.id", "7"));
        await broker.CreateAsync("orders");
        (await MoveAsync([7])).ShouldBe(ErrorCode.None);
        (await MoveAsync([7, 8])).ShouldBe(ErrorCode.InvalidReplicaAssignment);
        (await MoveAsync(null)).ShouldBe(ErrorCode.NoReassignmentInProgress);

        async Task<ErrorCode> MoveAsync(List<int>? replicas) => (await broker.Client.CallAsync<AlterPartitionReassignmentsRequest, AlterPartitionReassignmentsResponse>(
            ApiKey.AlterPartitionReassignments, 1, new() { Topics = [new() { Name = "orders", Partitions = [new() { Replicas = replicas }] }] })).Responses[0].Partitions[0].ErrorCode;
    }
}
