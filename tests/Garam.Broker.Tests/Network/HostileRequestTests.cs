using Garam.Broker.Fetching;
using Garam.Kafka;
using Garam.Kafka.Messages;

namespace Garam.Broker.Tests.Network;

/// <summary>Requests that are well formed and mean harm: small ones that ask for much work, memory or answer.</summary>
public sealed class HostileRequestTests
{
    [Fact]
    public async Task A_topic_that_is_named_many_times_is_described_once()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateAsync("wide", 200);
        var again = Enumerable.Repeat("wide", 5_000).ToArray();

        (await broker.MetadataAsync(again)).Topics.Count.ShouldBe(1);
        (await broker.Client.CallAsync<DescribeConfigsRequest, DescribeConfigsResponse>(ApiKey.DescribeConfigs, 4, new DescribeConfigsRequest
        {
            Resources = [.. again.Select(topic => new DescribeConfigsRequest.DescribeConfigsResource { ResourceType = 2, ResourceName = topic })],
        })).Results.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_group_that_is_named_many_times_is_described_once()
    {
        await using var broker = await TestBroker.StartAsync();
        (await broker.Client.CallAsync<DescribeGroupsRequest, DescribeGroupsResponse>(
            ApiKey.DescribeGroups, 5, new DescribeGroupsRequest { Groups = ["a", "b", "a", "a"] })).Groups.Select(group => group.GroupId).ShouldBe(["a", "b"]);
        (await broker.Client.CallAsync<OffsetFetchRequest, OffsetFetchResponse>(ApiKey.OffsetFetch, 8, new OffsetFetchRequest
        {
            Groups = [new() { GroupId = "a", Topics = null }, new() { GroupId = "a", Topics = null }, new() { GroupId = "b", Topics = null }],
        })).Groups.Select(group => group.GroupId).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task One_request_makes_ten_thousand_partitions_at_most()
    {
        await using var broker = await TestBroker.StartAsync();
        var response = await broker.Client.CallAsync<CreateTopicsRequest, CreateTopicsResponse>(ApiKey.CreateTopics, 7, new CreateTopicsRequest
        {
            Topics = [.. Enumerable.Range(0, 3).Select(i => new CreateTopicsRequest.CreatableTopic { Name = $"wide-{i}", NumPartitions = 4_000, ReplicationFactor = 1 })],
        });
        response.Topics.Select(topic => topic.ErrorCode).ShouldAllBe(error => error == ErrorCode.PolicyViolation);
        (await broker.MetadataAsync(autoCreate: false, "wide-0")).Topics[0].ErrorCode.ShouldBe(ErrorCode.UnknownTopicOrPartition);
    }

    [Fact]
    public async Task An_offset_that_is_to_be_kept_for_ever_is_kept()
    {
        await using var broker = await TestBroker.StartAsync();
        await broker.CreateAsync("orders");
        var response = await broker.Client.CallAsync<OffsetCommitRequest, OffsetCommitResponse>(ApiKey.OffsetCommit, 2, new OffsetCommitRequest
        {
            GroupId = "group",
            RetentionTimeMs = long.MaxValue,
            Topics = [new() { Name = "orders", Partitions = [new() { CommittedOffset = 7 }] }],
        });
        response.Topics[0].Partitions[0].ErrorCode.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public void A_fetch_session_forgets_many_partitions_as_quickly_as_it_learned_them()
    {
        const int many = 300_000;
        var sessions = new FetchSessions(1, TimeProvider.System);
        var plan = sessions.Plan(Fetch(0, 0, many), withTopicIds: false);
        var forget = new FetchRequest { SessionId = plan.Session!.Id, SessionEpoch = 1 };
        forget.ForgottenTopicsData.Add(new FetchRequest.ForgottenTopic { Topic = "orders", Partitions = [.. Enumerable.Range(0, many).Reverse()] });

        // One by one this takes minutes: every removal would move or search all that are left.
        var started = TimeProvider.System.GetTimestamp();
        sessions.Plan(forget, withTopicIds: false).Partitions.ShouldBeEmpty();
        TimeProvider.System.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Sessions_together_remember_a_bounded_number_of_partitions()
    {
        var sessions = new FetchSessions(10, TimeProvider.System, maxPartitions: 100);
        var first = sessions.Plan(Fetch(0, 0, 60), withTopicIds: false).Session.ShouldNotBeNull();
        sessions.Plan(Fetch(0, 0, 60), withTopicIds: false).Session.ShouldBeNull("the client fetches without a session");

        // It grows beyond what there is: it is answered, and has to begin anew.
        sessions.Plan(Fetch(first.Id, 1, 120), withTopicIds: false).Partitions.Count.ShouldBe(120);
        sessions.Plan(Fetch(first.Id, 2, 0), withTopicIds: false).Error.ShouldBe(ErrorCode.FetchSessionIdNotFound);
        sessions.Plan(Fetch(0, 0, 90), withTopicIds: false).Session.ShouldNotBeNull("what it held is free again");
    }

    private static FetchRequest Fetch(int session, int epoch, int partitions) => new()
    {
        SessionId = session,
        SessionEpoch = epoch,
        Topics = [new FetchRequest.FetchTopic { Topic = "orders", Partitions = [.. Enumerable.Range(0, partitions).Select(i => new FetchRequest.FetchPartition { Partition = i })] }],
    };
}
