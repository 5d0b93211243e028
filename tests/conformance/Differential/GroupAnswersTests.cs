using Garam.Conformance.Brokers;
using Garam.Kafka;
using Garam.Kafka.Messages;

namespace Garam.Conformance.Differential;

public sealed class GroupAnswersTests(GaramBroker garam, ApacheKafka kafka) : SameAnswers(garam, kafka)
{
    [Fact]
    public Task Somebody_who_is_no_member_is_told_so_in_every_version() => CompareAsync(async (client, transcript) =>
    {
        await client.CreateTopicAsync(Name);
        await client.AwaitCoordinatorAsync(Name);
        foreach (var version in Versions(ApiKey.Heartbeat))
        {
            transcript.Add($"v{version} heartbeat", await client.AskAsync<HeartbeatRequest, HeartbeatResponse>(
                new() { GroupId = Name, GenerationId = 1, MemberId = "nobody" }, version));
            transcript.Add($"v{version} heartbeat without a group", await client.AskAsync<HeartbeatRequest, HeartbeatResponse>(
                new() { GroupId = "", GenerationId = 1, MemberId = "nobody" }, version));
        }
        foreach (var version in Versions(ApiKey.SyncGroup))
        {
            transcript.Add($"v{version} sync", await client.AskAsync<SyncGroupRequest, SyncGroupResponse>(
                new() { GroupId = Name, GenerationId = 1, MemberId = "nobody", ProtocolType = "consumer", ProtocolName = "range" }, version));
        }
        foreach (var version in Versions(ApiKey.LeaveGroup))
        {
            transcript.Add($"v{version} leave", await client.AskAsync<LeaveGroupRequest, LeaveGroupResponse>(
                new() { GroupId = Name, MemberId = "nobody", Members = [new() { MemberId = "nobody" }, new() { GroupInstanceId = "none" }] }, version));
        }
        foreach (var version in Versions(ApiKey.OffsetCommit))
        {
            transcript.Add($"v{version} commit", await client.AskAsync<OffsetCommitRequest, OffsetCommitResponse>(Commit(Name, 5, "nobody", 1), version));
        }
    });

    [Fact]
    public Task A_join_that_cannot_be_is_refused_in_every_version() => CompareAsync(async (client, transcript) =>
    {
        await client.AwaitCoordinatorAsync(Name);
        foreach (var version in Versions(ApiKey.JoinGroup))
        {
            await AskAsync("no group", Join("", ""));
            await AskAsync("session too short", Join(Name, "", session: 1));
            await AskAsync("session too long", Join(Name, "", session: int.MaxValue));
            await AskAsync("unknown member", Join(Name, "nobody"));
            await AskAsync("no protocols", Join(Name, "", protocols: []));
            await AskAsync("no protocol type", Join(Name, "", type: ""));

            async Task AskAsync(string what, JoinGroupRequest request) =>
                transcript.Add($"v{version} {what}", await client.AskAsync<JoinGroupRequest, JoinGroupResponse>(request, version));
        }
    });

    [Fact]
    public Task The_life_of_a_group_with_one_member_in_every_version() => CompareAsync(async (client, transcript) =>
    {
        await client.CreateTopicAsync(Name);
        foreach (var version in Versions(ApiKey.JoinGroup))
        {
            var group = $"{Name}-{version}";
            await client.AwaitCoordinatorAsync(group);
            var joined = await JoinAsync(client, transcript, version, group);
            var member = joined.MemberId;
            transcript.Add("leads", joined.Leader == member);

            var sync = new SyncGroupRequest
            {
                GroupId = group,
                GenerationId = joined.GenerationId,
                MemberId = member,
                ProtocolType = "consumer",
                ProtocolName = "range",
                Assignments = [new() { MemberId = member, Assignment = new byte[] { 1, 2, 3 } }],
            };
            transcript.Add("sync", await client.AskAsync<SyncGroupRequest, SyncGroupResponse>(sync, 5));
            transcript.Add("sync in another protocol", await client.AskAsync<SyncGroupRequest, SyncGroupResponse>(With(sync, protocol: "other"), 5));
            transcript.Add("sync of another generation", await client.AskAsync<SyncGroupRequest, SyncGroupResponse>(With(sync, generation: 99), 5));
            foreach (var generation in (int[])[joined.GenerationId, joined.GenerationId - 1, joined.GenerationId + 1])
            {
                transcript.Add($"heartbeat {generation}", await client.AskAsync<HeartbeatRequest, HeartbeatResponse>(
                    new() { GroupId = group, GenerationId = generation, MemberId = member }, 4));
                transcript.Add($"commit {generation}", await client.AskAsync<OffsetCommitRequest, OffsetCommitResponse>(Commit(group, generation, member, 7), 8));
            }
            transcript.Add("commit without being a member", await client.AskAsync<OffsetCommitRequest, OffsetCommitResponse>(Commit(group, -1, "", 8), 8));
            transcript.Add("delete", await client.AskAsync<DeleteGroupsRequest, DeleteGroupsResponse>(new() { GroupsNames = [group] }, 2));
            await DescribeAsync(client, transcript, group);

            transcript.Add("leave", Nameless(await client.AskAsync<LeaveGroupRequest, LeaveGroupResponse>(new() { GroupId = group, Members = [new() { MemberId = member }] }, 4)));
            await DescribeAsync(client, transcript, group);
            transcript.Add("delete", await client.AskAsync<DeleteGroupsRequest, DeleteGroupsResponse>(new() { GroupsNames = [group] }, 2));
            transcript.Add("delete again", await client.AskAsync<DeleteGroupsRequest, DeleteGroupsResponse>(new() { GroupsNames = [group] }, 2));
        }
    });

    [Fact]
    public Task Offsets_are_committed_and_fetched_in_every_version() => CompareAsync(async (client, transcript) =>
    {
        var id = await client.CreateTopicAsync(Name);
        await client.AwaitCoordinatorAsync(Name);
        foreach (var version in Versions(ApiKey.OffsetCommit))
        {
            transcript.Add($"v{version} commit", await client.AskAsync<OffsetCommitRequest, OffsetCommitResponse>(Commit(Name, -1, "", version, id), version));
            transcript.Add($"v{version} unknown partition", await client.AskAsync<OffsetCommitRequest, OffsetCommitResponse>(Commit(Name, -1, "", 1, id, partition: 9), version));
            transcript.Add($"v{version} unknown topic", await client.AskAsync<OffsetCommitRequest, OffsetCommitResponse>(
                Commit(Name, -1, "", 1, Guid.NewGuid(), topic: "no-such-topic"), version));
            transcript.Add($"v{version} long metadata", await client.AskAsync<OffsetCommitRequest, OffsetCommitResponse>(
                Commit(Name, -1, "", 1, id, metadata: new string('m', 5000)), version));
        }
        foreach (var version in Versions(ApiKey.OffsetFetch))
        {
            foreach (var group in (string[])[Name, $"{Name}-none"])
            {
                transcript.Add($"v{version} fetch", await client.AskAsync<OffsetFetchRequest, OffsetFetchResponse>(Fetch(group, id, 0, 5), version));
                if (version >= 2)
                {
                    transcript.Add($"v{version} fetch all", await client.AskAsync<OffsetFetchRequest, OffsetFetchResponse>(FetchAll(group), version));
                }
                if (version >= 10)
                {
                    transcript.Add($"v{version} unknown id", await client.AskAsync<OffsetFetchRequest, OffsetFetchResponse>(Fetch(group, Guid.NewGuid(), 0), version));
                }
            }
        }
    });

    [Fact]
    public Task Groups_that_are_not_there_are_described_listed_and_found_alike_in_every_version() => CompareAsync(async (client, transcript) =>
    {
        await client.AwaitCoordinatorAsync(Name);
        // Others use the same Kafka, and a group without a name is a name that they may share.
        await client.AskAsync<DeleteGroupsRequest, DeleteGroupsResponse>(new() { GroupsNames = [""] }, 2);
        foreach (var version in Versions(ApiKey.DescribeGroups))
        {
            transcript.Add($"v{version} describe", await client.AskAsync<DescribeGroupsRequest, DescribeGroupsResponse>(new() { Groups = [Name] }, version));
            transcript.Add($"v{version} describe no name", await client.AskAsync<DescribeGroupsRequest, DescribeGroupsResponse>(new() { Groups = [""] }, version));
        }
        foreach (var version in Versions(ApiKey.DeleteGroups))
        {
            transcript.Add($"v{version} delete", await client.AskAsync<DeleteGroupsRequest, DeleteGroupsResponse>(new() { GroupsNames = [Name] }, version));
            transcript.Add($"v{version} delete no name", await client.AskAsync<DeleteGroupsRequest, DeleteGroupsResponse>(new() { GroupsNames = [""] }, version));
        }
        foreach (var version in Versions(ApiKey.FindCoordinator))
        {
            var found = await client.AskAsync<FindCoordinatorRequest, FindCoordinatorResponse>(new() { Key = Name, CoordinatorKeys = [Name] }, version);
            transcript.Add($"v{version} find", found);
            transcript.Add($"v{version} keys", string.Join(' ', found.Coordinators.Select(one => $"{one.Key} {one.ErrorCode}")));
            var unknown = await client.AskAsync<FindCoordinatorRequest, FindCoordinatorResponse>(new() { Key = Name, KeyType = 9, CoordinatorKeys = [Name] }, version);
            transcript.Add($"v{version} find what is not known", unknown);
            transcript.Add($"v{version} keys", string.Join(' ', unknown.Coordinators.Select(one => $"{one.Key} {one.ErrorCode}")));
        }
    });

    private static async Task<JoinGroupResponse> JoinAsync(RawClient client, Transcript transcript, short version, string group)
    {
        var joined = await client.AskAsync<JoinGroupRequest, JoinGroupResponse>(Join(group, ""), version);
        if (joined.ErrorCode == ErrorCode.MemberIdRequired)
        {
            transcript.Add($"v{version} comes again with its id", joined.ErrorCode);
            joined = await client.AskAsync<JoinGroupRequest, JoinGroupResponse>(Join(group, joined.MemberId), version);
        }
        transcript.Add($"v{version} joined", $"{joined.ErrorCode} generation {joined.GenerationId} {joined.ProtocolType} {joined.ProtocolName} {joined.Members.Count} {joined.SkipAssignment}");
        return joined;
    }

    private static async Task DescribeAsync(RawClient client, Transcript transcript, string group)
    {
        var described = await client.AskAsync<DescribeGroupsRequest, DescribeGroupsResponse>(new() { Groups = [group] }, 5);
        described.Groups.ForEach(one => one.Members.ForEach(member => member.MemberId = ""));
        transcript.Add("describe", described);
        var listed = await client.AskAsync<ListGroupsRequest, ListGroupsResponse>(new(), 5);
        transcript.Add("listed", listed.Groups.Single(one => one.GroupId == group));
    }

    private static LeaveGroupResponse Nameless(LeaveGroupResponse left)
    {
        left.Members.ForEach(member => member.MemberId = "");
        return left;
    }

    private static SyncGroupRequest With(SyncGroupRequest sync, string? protocol = null, int? generation = null) => new()
    {
        GroupId = sync.GroupId,
        GenerationId = generation ?? sync.GenerationId,
        MemberId = sync.MemberId,
        ProtocolType = sync.ProtocolType,
        ProtocolName = protocol ?? sync.ProtocolName,
        Assignments = sync.Assignments,
    };

    private static JoinGroupRequest Join(string group, string member, int session = 10_000, string type = "consumer", string[]? protocols = null) => new()
    {
        GroupId = group,
        MemberId = member,
        SessionTimeoutMs = session,
        RebalanceTimeoutMs = 10_000,
        ProtocolType = type,
        Protocols = [.. (protocols ?? ["range"]).Select(name => new JoinGroupRequest.JoinGroupRequestProtocol { Name = name, Metadata = new byte[] { 0, 1 } })],
    };

    private OffsetCommitRequest Commit(
        string group, int generation, string member, long offset, Guid id = default, string? topic = null, int partition = 0, string metadata = "m") => new()
    {
        GroupId = group,
        GenerationIdOrMemberEpoch = generation,
        MemberId = member,
        Topics =
        [
            new()
            {
                Name = topic ?? Name,
                TopicId = id,
                Partitions = [new() { PartitionIndex = partition, CommittedOffset = offset, CommittedMetadata = metadata }],
            },
        ],
    };

    private OffsetFetchRequest Fetch(string group, Guid id, params int[] partitions) => new()
    {
        GroupId = group,
        Topics = [new() { Name = Name, PartitionIndexes = [.. partitions] }],
        Groups = [new() { GroupId = group, Topics = [new() { Name = Name, TopicId = id, PartitionIndexes = [.. partitions] }] }],
    };

    private static OffsetFetchRequest FetchAll(string group) => new() { GroupId = group, Topics = null, Groups = [new() { GroupId = group, Topics = null }] };
}
