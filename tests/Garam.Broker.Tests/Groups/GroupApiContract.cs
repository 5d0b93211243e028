using Garam.Kafka;
using Garam.Kafka.Messages;
using static Garam.Broker.Tests.Groups.GroupScenario;

namespace Garam.Broker.Tests.Groups;

/// <summary>The group APIs over the wire, version by version. The same requests are sent to our broker and, where there is one, to Apache Kafka.</summary>
public abstract class GroupApiContract : IAsyncLifetime
{
    private const int ReadDeleteDescribeAndConfigs = (1 << 3) | (1 << 6) | (1 << 8) | (1 << 10) | (1 << 11);

    private readonly string _group = $"group-{Guid.NewGuid():N}";
    private readonly string _topic = $"topic-{Guid.NewGuid():N}";
    private WireClient _client = null!;
    private Guid _topicId;

    protected abstract Task<string> BootstrapServersAsync();

    public async ValueTask InitializeAsync()
    {
        _client = new WireClient(await BootstrapServersAsync());
        var made = await _client.AskAsync<CreateTopicsRequest, CreateTopicsResponse>(new CreateTopicsRequest
        {
            Topics = [new CreateTopicsRequest.CreatableTopic { Name = _topic, NumPartitions = 2, ReplicationFactor = 1 }],
        }, 7);
        made.Topics[0].ErrorCode.ShouldBe(ErrorCode.None);
        _topicId = made.Topics[0].TopicId;
        await TopicIsReadyAsync();
        await CoordinatorIsReadyAsync();
    }

    public virtual ValueTask DisposeAsync()
    {
        _client?.Dispose();
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(6)]
    public async Task Every_version_of_FindCoordinator_names_the_node_that_was_asked(short version)
    {
        var answer = await _client.AskAsync<FindCoordinatorRequest, FindCoordinatorResponse>(
            new FindCoordinatorRequest { Key = _group, KeyType = 0, CoordinatorKeys = [_group, "other"] }, version);
        if (version < 4)
        {
            (answer.ErrorCode, answer.Host).ShouldBe((ErrorCode.None, "127.0.0.1"));
            answer.Port.ShouldBeGreaterThan(0);
        }
        else
        {
            answer.Coordinators.Select(c => (c.Key, c.ErrorCode, c.Host)).ShouldBe([(_group, ErrorCode.None, "127.0.0.1"), ("other", ErrorCode.None, "127.0.0.1")]);
        }
    }

    [Fact]
    public async Task An_unknown_type_of_coordinator_is_an_invalid_request() =>
        (await _client.AskAsync<FindCoordinatorRequest, FindCoordinatorResponse>(new FindCoordinatorRequest { KeyType = 9, CoordinatorKeys = [_group] }, 4))
            .Coordinators[0].ErrorCode.ShouldBe(ErrorCode.InvalidRequest);

    [Theory]
    [InlineData(0, 0, 0, 0, 0)]
    [InlineData(1, 1, 1, 1, 1)]
    [InlineData(2, 1, 1, 1, 1)]
    [InlineData(3, 2, 2, 2, 2)]
    [InlineData(4, 2, 2, 2, 2)]
    [InlineData(5, 3, 3, 3, 3)]
    [InlineData(6, 4, 4, 4, 4)]
    [InlineData(7, 5, 4, 4, 4)]
    [InlineData(8, 5, 4, 5, 5)]
    [InlineData(9, 5, 4, 5, 6)]
    public async Task A_member_joins_syncs_beats_is_described_and_leaves_in_every_version(short join, short sync, short heartbeat, short leave, short describe)
    {
        var joined = await JoinAsync(join);
        joined.ErrorCode.ShouldBe(ErrorCode.None);
        joined.Leader.ShouldBe(joined.MemberId);
        joined.ProtocolName.ShouldBe("range");
        joined.Members.ShouldHaveSingleItem().Metadata.ToArray().ShouldBe(Metadata());

        var synced = await SyncAsync(joined, sync);
        synced.ErrorCode.ShouldBe(ErrorCode.None);
        synced.Assignment.ToArray().ShouldBe(Bytes("mine"));

        var beat = new HeartbeatRequest { GroupId = _group, GenerationId = joined.GenerationId, MemberId = joined.MemberId };
        (await _client.AskAsync<HeartbeatRequest, HeartbeatResponse>(beat, heartbeat)).ErrorCode.ShouldBe(ErrorCode.None);

        var described = await DescribeAsync(describe);
        (described.GroupState, described.ProtocolType, described.ProtocolData).ShouldBe(("Stable", "consumer", "range"));
        var member = described.Members.ShouldHaveSingleItem();
        (member.MemberId, member.ClientId, member.ClientHost).ShouldBe((joined.MemberId, "test", "/127.0.0.1"));
        member.MemberAssignment.ToArray().ShouldBe(Bytes("mine"));

        (await LeaveAsync(joined.MemberId, leave)).ShouldBe(ErrorCode.None);
        (await DescribeAsync(describe)).GroupState.ShouldBe("Empty");
    }

    [Fact]
    public async Task Join_version_0_takes_the_session_timeout_as_rebalance_timeout()
    {
        await StableAsync(0);
        var joined = await _client.AskAsync<JoinGroupRequest, JoinGroupResponse>(JoinRequest(""), 0);
        joined.ErrorCode.ShouldBe(ErrorCode.None, "the first member never came back: it was given its session's 6 s");
        joined.Members.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Members_of_no_group_and_of_nameless_groups_are_refused()
    {
        (await _client.AskAsync<JoinGroupRequest, JoinGroupResponse>(JoinRequest("ghost"), 9)).ErrorCode.ShouldBe(ErrorCode.UnknownMemberId);
        (await _client.AskAsync<HeartbeatRequest, HeartbeatResponse>(new HeartbeatRequest { GroupId = _group, MemberId = "ghost" }, 4)).ErrorCode.ShouldBe(ErrorCode.UnknownMemberId);
        (await _client.AskAsync<SyncGroupRequest, SyncGroupResponse>(new SyncGroupRequest { GroupId = _group, MemberId = "ghost" }, 4)).ErrorCode.ShouldBe(ErrorCode.UnknownMemberId);
        (await LeaveAsync("ghost", 5)).ShouldBe(ErrorCode.UnknownMemberId);
        (await LeaveAsync("ghost", 2)).ShouldBe(ErrorCode.UnknownMemberId);

        var nameless = JoinRequest("");
        nameless.GroupId = "";
        (await _client.AskAsync<JoinGroupRequest, JoinGroupResponse>(nameless, 9)).ErrorCode.ShouldBe(ErrorCode.InvalidGroupId);
        (await _client.AskAsync<HeartbeatRequest, HeartbeatResponse>(new HeartbeatRequest { MemberId = "m" }, 4)).ErrorCode.ShouldBe(ErrorCode.InvalidGroupId);
        (await _client.AskAsync<SyncGroupRequest, SyncGroupResponse>(new SyncGroupRequest { MemberId = "m" }, 4)).ErrorCode.ShouldBe(ErrorCode.InvalidGroupId);
        (await _client.AskAsync<LeaveGroupRequest, LeaveGroupResponse>(new LeaveGroupRequest { Members = [new() { MemberId = "m" }] }, 5)).ErrorCode.ShouldBe(ErrorCode.InvalidGroupId);
    }

    [Fact]
    public async Task A_refused_join_leaves_no_group_behind()
    {
        var join = JoinRequest("");
        join.SessionTimeoutMs = 1;
        (await _client.AskAsync<JoinGroupRequest, JoinGroupResponse>(join, 9)).ErrorCode.ShouldBe(ErrorCode.InvalidSessionTimeout);
        (await DescribeAsync(6)).ErrorCode.ShouldBe(ErrorCode.GroupIdNotFound);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(5, 3)]
    [InlineData(6, 4)]
    [InlineData(6, 5)]
    [InlineData(7, 6)]
    [InlineData(7, 7)]
    [InlineData(8, 8)]
    [InlineData(9, 9)]
    [InlineData(10, 10)]
    public async Task Offsets_are_committed_without_membership_and_fetched_in_every_version(short commit, short fetch)
    {
        (await CommitAsync(commit, (0, 42, "words"), (1, 7, ""), (9, 1, ""))).ShouldBe([ErrorCode.None, ErrorCode.None, ErrorCode.UnknownTopicOrPartition]);

        var fetched = await FetchAsync(fetch, 0, 1, 5);
        fetched.Select(p => (p.Index, p.Offset, p.Metadata)).ShouldBe([(0, 42, "words"), (1, 7, ""), (5, -1, "")], ignoreOrder: true);
        fetched.Single(p => p.Index == 0).Epoch.ShouldBe(commit >= 6 && fetch >= 5 ? 3 : -1);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(10)]
    public async Task All_offsets_of_a_group_are_fetched_by_asking_for_no_topic(short version)
    {
        await CommitAsync(8, (0, 42, "a"), (1, 43, "b"));
        (await FetchAsync(version, null)).Select(p => (p.Index, p.Offset, p.Metadata)).ShouldBe([(0, 42, "a"), (1, 43, "b")], ignoreOrder: true);
    }

    [Fact]
    public async Task A_group_that_does_not_exist_has_no_offsets_and_that_is_no_error() =>
        (await FetchAsync(8, 0)).ShouldBe([(0, -1L, -1, "", ErrorCode.None)]);

    [Fact]
    public async Task An_unknown_topic_id_is_an_error_of_its_partitions()
    {
        var id = Guid.NewGuid();
        var commit = new OffsetCommitRequest { GroupId = _group, Topics = [new() { TopicId = id, Partitions = [new()] }] };
        (await _client.AskAsync<OffsetCommitRequest, OffsetCommitResponse>(commit, 10)).Topics[0].Partitions[0].ErrorCode.ShouldBe(ErrorCode.UnknownTopicId);
        var fetch = new OffsetFetchRequest { Groups = [new() { GroupId = _group, Topics = [new() { TopicId = id, PartitionIndexes = [0] }] }] };
        (await _client.AskAsync<OffsetFetchRequest, OffsetFetchResponse>(fetch, 10)).Groups[0].Topics[0].Partitions[0].ErrorCode.ShouldBe(ErrorCode.UnknownTopicId);
    }

    [Fact]
    public async Task Metadata_beyond_4096_characters_is_too_large_and_the_other_partitions_are_committed()
    {
        (await CommitAsync(8, (0, 1, new string('x', 4097)), (1, 2, new string('x', 4096)))).ShouldBe([ErrorCode.OffsetMetadataTooLarge, ErrorCode.None]);
        (await FetchAsync(8, 0, 1)).Select(p => p.Offset).ShouldBe([-1, 2]);
    }

    [Theory]
    [InlineData(8, ErrorCode.IllegalGeneration)]
    [InlineData(9, ErrorCode.GroupIdNotFound)]
    public async Task A_commit_of_a_generation_of_a_group_that_does_not_exist_is_refused(short version, ErrorCode expected) =>
        (await CommitAsync(version, "ghost", 3, (0, 1, ""))).ShouldBe([expected]);

    [Fact]
    public async Task Members_commit_in_their_generation_and_strangers_not_at_all()
    {
        var joined = await StableAsync(5);
        (await CommitAsync(8, joined.MemberId, joined.GenerationId, (0, 5, ""))).ShouldBe([ErrorCode.None]);
        (await CommitAsync(8, joined.MemberId, joined.GenerationId + 1, (0, 6, ""))).ShouldBe([ErrorCode.IllegalGeneration]);
        (await CommitAsync(8, "ghost", joined.GenerationId, (0, 6, ""))).ShouldBe([ErrorCode.UnknownMemberId]);
        (await CommitAsync(8, (0, 6, ""))).ShouldBe([ErrorCode.UnknownMemberId]);
        (await FetchAsync(8, 0))[0].Offset.ShouldBe(5);
    }

    [Fact]
    public async Task Nobody_is_kept_from_committing_for_a_group_without_a_name()
    {
        var commit = new OffsetCommitRequest { GroupId = "", Topics = [new() { Name = _topic, Partitions = [new() { CommittedOffset = 11 }] }] };
        (await _client.AskAsync<OffsetCommitRequest, OffsetCommitResponse>(commit, 8)).Topics[0].Partitions[0].ErrorCode.ShouldBe(ErrorCode.None);
        var fetch = new OffsetFetchRequest { Groups = [new() { GroupId = "", Topics = [new() { Name = _topic, PartitionIndexes = [0] }] }] };
        (await _client.AskAsync<OffsetFetchRequest, OffsetFetchResponse>(fetch, 8)).Groups[0].Topics[0].Partitions[0].CommittedOffset.ShouldBe(11);
    }

    [Fact]
    public async Task A_group_is_deleted_when_it_is_empty_and_only_once()
    {
        var joined = await StableAsync(5);
        (await DeleteAsync()).ShouldBe(ErrorCode.NonEmptyGroup);
        await CommitAsync(8, joined.MemberId, joined.GenerationId, (0, 5, ""));
        await LeaveAsync(joined.MemberId, 5);
        (await DeleteAsync()).ShouldBe(ErrorCode.None);
        (await DeleteAsync()).ShouldBe(ErrorCode.GroupIdNotFound);
        (await FetchAsync(8, 0))[0].Offset.ShouldBe(-1);
    }

    [Theory]
    [InlineData(5, ErrorCode.None)]
    [InlineData(6, ErrorCode.GroupIdNotFound)]
    public async Task An_unknown_group_is_described_as_dead(short version, ErrorCode expected)
    {
        var described = await DescribeAsync(version);
        (described.ErrorCode, described.GroupState).ShouldBe((expected, "Dead"));
        described.Members.ShouldBeEmpty();
    }

    [Fact]
    public async Task Groups_are_listed_by_state_and_type()
    {
        await StableAsync(5);
        (await ListAsync(5)).ShouldBe(("consumer", "Stable", "classic"));
        (await ListAsync(5, states: "STABLE")).ShouldNotBeNull();
        (await ListAsync(5, states: "Empty")).ShouldBeNull();
        (await ListAsync(5, types: "classic")).ShouldNotBeNull();
        (await ListAsync(5, types: "consumer")).ShouldBeNull();
        (await ListAsync(0)).ShouldNotBeNull();
    }

    [Fact]
    public async Task What_a_group_may_be_asked_for_is_told_when_asked()
    {
        await StableAsync(5);
        (await DescribeAsync(5, withOperations: true)).AuthorizedOperations.ShouldBe(ReadDeleteDescribeAndConfigs);
        (await DescribeAsync(5)).AuthorizedOperations.ShouldBe(int.MinValue);
    }

    [Fact]
    public async Task A_member_whose_connection_is_cut_stays_until_its_session_expires_and_may_return_by_another()
    {
        var joined = await StableAsync(5);
        _client.Dispose();
        _client = new WireClient(await BootstrapServersAsync());
        var beat = new HeartbeatRequest { GroupId = _group, GenerationId = joined.GenerationId, MemberId = joined.MemberId };
        (await _client.AskAsync<HeartbeatRequest, HeartbeatResponse>(beat, 4)).ErrorCode.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public async Task A_join_that_is_parked_on_a_connection_that_dies_keeps_its_place()
    {
        var first = await StableAsync(5);
        using var other = new WireClient(await BootstrapServersAsync());
        var told = await other.AskAsync<JoinGroupRequest, JoinGroupResponse>(JoinRequest(""), 5);
        await other.SendAsync(ApiKey.JoinGroup, 5, JoinRequest(told.MemberId));
        await Eventually.IsAsync("PreparingRebalance", async () => (await DescribeAsync(5)).GroupState);
        other.Dispose();

        var again = await _client.AskAsync<JoinGroupRequest, JoinGroupResponse>(JoinRequest(first.MemberId), 5);
        again.Members.Select(member => member.MemberId).ShouldBe([first.MemberId, told.MemberId], ignoreOrder: true);
        (await SyncAsync(again, 4)).ErrorCode.ShouldBe(ErrorCode.None);
        using var returned = new WireClient(await BootstrapServersAsync());
        var sync = new SyncGroupRequest { GroupId = _group, GenerationId = again.GenerationId, MemberId = told.MemberId };
        (await returned.AskAsync<SyncGroupRequest, SyncGroupResponse>(sync, 4)).ErrorCode.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public async Task Several_members_leave_in_one_request_by_id_and_by_instance_and_each_is_answered()
    {
        var join = JoinRequest("");
        join.GroupInstanceId = "one";
        (await _client.AskAsync<JoinGroupRequest, JoinGroupResponse>(join, 5)).ErrorCode.ShouldBe(ErrorCode.None);
        using var other = new WireClient(await BootstrapServersAsync());
        var told = await other.AskAsync<JoinGroupRequest, JoinGroupResponse>(JoinRequest(""), 5);

        var leave = new LeaveGroupRequest { GroupId = _group, Members = [new() { GroupInstanceId = "one" }, new() { MemberId = told.MemberId }, new() { MemberId = "ghost" }] };
        var left = await _client.AskAsync<LeaveGroupRequest, LeaveGroupResponse>(leave, 5);

        left.ErrorCode.ShouldBe(ErrorCode.None);
        left.Members.Select(member => member.ErrorCode).ShouldBe([ErrorCode.None, ErrorCode.None, ErrorCode.UnknownMemberId]);
        (await DescribeAsync(5)).Members.ShouldBeEmpty();
    }

    [Fact]
    public async Task Offsets_of_several_groups_are_fetched_in_one_request()
    {
        await CommitAsync(8, (0, 42, ""));
        var fetch = new OffsetFetchRequest
        {
            Groups = [new() { GroupId = _group, Topics = [new() { Name = _topic, PartitionIndexes = [0] }] }, new() { GroupId = _group + "-none", Topics = [new() { Name = _topic, PartitionIndexes = [0] }] }],
        };
        var answer = await _client.AskAsync<OffsetFetchRequest, OffsetFetchResponse>(fetch, 9);
        answer.Groups.Select(group => (group.GroupId, group.ErrorCode, group.Topics[0].Partitions[0].CommittedOffset))
            .ShouldBe([(_group, ErrorCode.None, 42), (_group + "-none", ErrorCode.None, -1)]);
    }

    [Fact]
    public async Task Deleting_a_topic_drops_its_offsets_and_one_of_the_same_name_made_later_begins_without()
    {
        await CommitAsync(10, (0, 42, ""));
        var deletion = new DeleteTopicsRequest { Topics = [new() { Name = _topic }], TimeoutMs = 10_000 };
        (await _client.AskAsync<DeleteTopicsRequest, DeleteTopicsResponse>(deletion, 6)).Responses[0].ErrorCode.ShouldBe(ErrorCode.None);
        await Eventually.IsAsync(-1L, async () => (await FetchAsync(8, 0))[0].Offset);

        var creation = new CreateTopicsRequest { Topics = [new() { Name = _topic, NumPartitions = 2, ReplicationFactor = 1 }] };
        (await _client.AskAsync<CreateTopicsRequest, CreateTopicsResponse>(creation, 7)).Topics[0].ErrorCode.ShouldBe(ErrorCode.None);
        await TopicIsReadyAsync();
        (await FetchAsync(8, 0))[0].Offset.ShouldBe(-1);
        (await CommitAsync(10, (0, 43, ""))).ShouldBe([ErrorCode.UnknownTopicId], "the old topic's id");
    }

    private async Task TopicIsReadyAsync()
    {
        // Apache Kafka answers a creation before every part of it has heard of the topic.
        MetadataResponse metadata;
        do
        {
            metadata = await _client.AskAsync<MetadataRequest, MetadataResponse>(new MetadataRequest { Topics = [new() { Name = _topic }] }, 9);
        }
        while (metadata.Topics[0].Partitions.Count < 2);
    }

    private async Task CoordinatorIsReadyAsync()
    {
        // Apache Kafka makes its offsets topic at the first request and refuses until it is loaded.
        ErrorCode error;
        do
        {
            await _client.AskAsync<FindCoordinatorRequest, FindCoordinatorResponse>(new FindCoordinatorRequest { CoordinatorKeys = [_group] }, 4);
            error = (await DescribeAsync(5)).ErrorCode;
        }
        while (error is ErrorCode.CoordinatorNotAvailable or ErrorCode.CoordinatorLoadInProgress or ErrorCode.NotCoordinator);
    }

    private JoinGroupRequest JoinRequest(string memberId) => new()
    {
        GroupId = _group,
        SessionTimeoutMs = 6_000,
        RebalanceTimeoutMs = 10_000,
        MemberId = memberId,
        ProtocolType = "consumer",
        Protocols = [new() { Name = "range", Metadata = Metadata() }],
    };

    // A subscription of the consumer protocol, version 0: Kafka reads the topics of stable groups.
    private byte[] Metadata() => [0, 0, 0, 0, 0, 1, 0, (byte)_topic.Length, .. Bytes(_topic), 0xff, 0xff, 0xff, 0xff];

    private async Task<JoinGroupResponse> JoinAsync(short version)
    {
        var joined = await _client.AskAsync<JoinGroupRequest, JoinGroupResponse>(JoinRequest(""), version);
        joined.ErrorCode.ShouldBe(version >= 4 ? ErrorCode.MemberIdRequired : ErrorCode.None);
        return version < 4 ? joined : await _client.AskAsync<JoinGroupRequest, JoinGroupResponse>(JoinRequest(joined.MemberId), version);
    }

    private Task<SyncGroupResponse> SyncAsync(JoinGroupResponse joined, short version) => _client.AskAsync<SyncGroupRequest, SyncGroupResponse>(new SyncGroupRequest
    {
        GroupId = _group,
        GenerationId = joined.GenerationId,
        MemberId = joined.MemberId,
        ProtocolType = "consumer",
        ProtocolName = "range",
        Assignments = [new() { MemberId = joined.MemberId, Assignment = Bytes("mine") }],
    }, version);

    private async Task<JoinGroupResponse> StableAsync(short joinVersion)
    {
        var joined = await JoinAsync(joinVersion);
        (await SyncAsync(joined, 4)).ErrorCode.ShouldBe(ErrorCode.None);
        return joined;
    }

    private async Task<ErrorCode> LeaveAsync(string memberId, short version)
    {
        var leave = new LeaveGroupRequest { GroupId = _group, MemberId = memberId, Members = [new() { MemberId = memberId }] };
        var left = await _client.AskAsync<LeaveGroupRequest, LeaveGroupResponse>(leave, version);
        return version < 3 ? left.ErrorCode : left.Members[0].ErrorCode;
    }

    private async Task<DescribeGroupsResponse.DescribedGroup> DescribeAsync(short version, bool withOperations = false) =>
        (await _client.AskAsync<DescribeGroupsRequest, DescribeGroupsResponse>(
            new DescribeGroupsRequest { Groups = [_group], IncludeAuthorizedOperations = withOperations }, version)).Groups.ShouldHaveSingleItem();

    private async Task<(string Type, string State, string GroupType)?> ListAsync(short version, string? states = null, string? types = null)
    {
        var list = await _client.AskAsync<ListGroupsRequest, ListGroupsResponse>(
            new ListGroupsRequest { StatesFilter = states is null ? [] : [states], TypesFilter = types is null ? [] : [types] }, version);
        var listed = list.Groups.SingleOrDefault(group => group.GroupId == _group);
        return listed is null ? null : (listed.ProtocolType, listed.GroupState, listed.GroupType);
    }

    private async Task<ErrorCode> DeleteAsync() =>
        (await _client.AskAsync<DeleteGroupsRequest, DeleteGroupsResponse>(new DeleteGroupsRequest { GroupsNames = [_group] }, 2)).Results[0].ErrorCode;

    private Task<ErrorCode[]> CommitAsync(short version, params (int Partition, long Offset, string Metadata)[] commits) => CommitAsync(version, "", -1, commits);

    private async Task<ErrorCode[]> CommitAsync(short version, string memberId, int generation, params (int Partition, long Offset, string Metadata)[] commits)
    {
        var request = new OffsetCommitRequest
        {
            GroupId = _group,
            MemberId = memberId,
            GenerationIdOrMemberEpoch = generation,
            Topics = [new()
            {
                Name = _topic,
                TopicId = _topicId,
                Partitions = [.. commits.Select(commit => new OffsetCommitRequest.OffsetCommitRequestPartition
                {
                    PartitionIndex = commit.Partition, CommittedOffset = commit.Offset, CommittedMetadata = commit.Metadata, CommittedLeaderEpoch = 3,
                })],
            }],
        };
        var response = await _client.AskAsync<OffsetCommitRequest, OffsetCommitResponse>(request, version);
        return [.. commits.Select(commit => response.Topics[0].Partitions.Single(partition => partition.PartitionIndex == commit.Partition).ErrorCode)];
    }

    private async Task<List<(int Index, long Offset, int Epoch, string? Metadata, ErrorCode Error)>> FetchAsync(short version, params List<int>? partitions)
    {
        var request = new OffsetFetchRequest
        {
            GroupId = _group,
            Topics = partitions is null ? null : [new() { Name = _topic, PartitionIndexes = partitions }],
            Groups = [new() { GroupId = _group, Topics = partitions is null ? null : [new() { Name = _topic, TopicId = _topicId, PartitionIndexes = partitions }] }],
        };
        var response = await _client.AskAsync<OffsetFetchRequest, OffsetFetchResponse>(request, version);
        return version < 8
            ? [.. response.Topics.SelectMany(topic => topic.Partitions).Select(p => (p.PartitionIndex, p.CommittedOffset, p.CommittedLeaderEpoch, p.Metadata, p.ErrorCode))]
            : [.. response.Groups[0].Topics.SelectMany(topic => topic.Partitions).Select(p => (p.PartitionIndex, p.CommittedOffset, p.CommittedLeaderEpoch, p.Metadata, p.ErrorCode))];
    }
}

file static class Asking
{
    public static Task<TResponse> AskAsync<TRequest, TResponse>(this WireClient client, TRequest request, short version)
        where TRequest : IMessage<TRequest>
        where TResponse : IMessage<TResponse> =>
        client.CallAsync<TRequest, TResponse>(Enum.Parse<ApiKey>(typeof(TRequest).Name[..^"Request".Length]), version, request);
}
