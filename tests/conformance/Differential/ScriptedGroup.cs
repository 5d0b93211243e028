using System.Text;
using Garam.Kafka;
using Garam.Kafka.Messages;

namespace Garam.Conformance.Differential;

/// <summary>
/// One group of members that do what a test says, each on a connection of its own. What they are answered is written down with the
/// members' names in place of their ids, which no two brokers give alike.
/// </summary>
internal sealed class ScriptedGroup(RawClient client, Transcript transcript, string id) : IAsyncDisposable
{
    private readonly Dictionary<string, RawClient> _connections = [];
    private readonly Dictionary<string, string> _ids = [];

    /// <summary>The versions in which the members speak.</summary>
    public short JoinVersion { get; init; } = 5;

    public int SessionTimeoutMs { get; init; } = 30_000;

    public int RebalanceTimeoutMs { get; init; } = 30_000;

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections.Values)
        {
            await connection.DisposeAsync();
        }
    }

    /// <summary>The id that a member was given; for a stranger, his name.</summary>
    public string IdOf(string member) => _ids.GetValueOrDefault(member, member);

    /// <summary>The member forgets its id, as after a crash; <paramref name="remembersAs"/> keeps it.</summary>
    public void Forget(string member, string remembersAs)
    {
        _ids[remembersAs] = IdOf(member);
        _ids.Remove(member);
    }

    /// <summary>Joins, with the id that the member has; a newcomer comes again with the id that it is told. Protocols are "name" or "name:metadata".</summary>
    public async Task<JoinGroupResponse> JoinAsync(string member, string? instance = null, params string[] protocols)
    {
        var joined = await AskToJoinAsync(member, instance, protocols);
        if (joined.ErrorCode == ErrorCode.MemberIdRequired)
        {
            _ids[member] = joined.MemberId;
            joined = await AskToJoinAsync(member, instance, protocols);
        }

        if (joined.ErrorCode == ErrorCode.None)
        {
            _ids[member] = joined.MemberId;
        }

        return joined;
    }

    /// <summary>One JoinGroup. From version 4 on a newcomer is answered with an id and an error.</summary>
    public async Task<JoinGroupResponse> AskToJoinAsync(string member, string? instance = null, params string[] protocols) =>
        await (await ConnectionOfAsync(member)).AskAsync<JoinGroupRequest, JoinGroupResponse>(
            new()
            {
                GroupId = id,
                MemberId = _ids.GetValueOrDefault(member, ""),
                GroupInstanceId = instance,
                SessionTimeoutMs = SessionTimeoutMs,
                RebalanceTimeoutMs = RebalanceTimeoutMs,
                ProtocolType = "consumer",
                Protocols = [.. (protocols.Length > 0 ? protocols : ["range"]).Select(Protocol)],
            },
            JoinVersion);

    /// <summary>A newcomer is given its id, and no more is heard of him.</summary>
    public async Task TakeIdAsync(string member)
    {
        var told = await AskToJoinAsync(member);
        told.ErrorCode.ShouldBe(ErrorCode.MemberIdRequired);
        _ids[member] = told.MemberId;
    }

    public async Task<SyncGroupResponse> SyncAsync(string member, int generation, string? instance = null, params string[] assignments) =>
        await (await ConnectionOfAsync(member)).AskAsync<SyncGroupRequest, SyncGroupResponse>(
            new()
            {
                GroupId = id,
                MemberId = IdOf(member),
                GroupInstanceId = instance,
                GenerationId = generation,
                ProtocolType = "consumer",
                ProtocolName = "range",
                Assignments = [.. assignments.Select(one => new SyncGroupRequest.SyncGroupRequestAssignment { MemberId = IdOf(one), Assignment = Encoding.UTF8.GetBytes($"for {one}") })],
            },
            4);

    public async Task HeartbeatAsync(string member, int generation, string? instance = null)
    {
        var beat = await client.AskAsync<HeartbeatRequest, HeartbeatResponse>(
            new() { GroupId = id, MemberId = IdOf(member), GroupInstanceId = instance, GenerationId = generation }, 4);
        transcript.Add($"heartbeat of {member} in {generation}", beat.ErrorCode);
    }

    public async Task CommitAsync(string member, int generation, string topic, string? instance = null)
    {
        var commit = await client.AskAsync<OffsetCommitRequest, OffsetCommitResponse>(
            new()
            {
                GroupId = id,
                MemberId = IdOf(member),
                GroupInstanceId = instance,
                GenerationIdOrMemberEpoch = generation,
                Topics = [new() { Name = topic, Partitions = [new() { CommittedOffset = 1 }] }],
            },
            8);
        transcript.Add($"commit of {member} in {generation}", commit.Topics[0].Partitions[0].ErrorCode);
    }

    /// <param name="memberId">Null: the id that the member has.</param>
    public async Task LeaveAsync(string member, string? instance = null, string? memberId = null)
    {
        var left = await client.AskAsync<LeaveGroupRequest, LeaveGroupResponse>(
            new() { GroupId = id, Members = [new() { MemberId = memberId ?? IdOf(member), GroupInstanceId = instance }] }, 4);
        transcript.Add($"{member} leaves", $"{left.ErrorCode} {left.Members.SingleOrDefault()?.ErrorCode}");
    }

    public void Note(string what, JoinGroupResponse joined) => transcript.Add(
        what,
        $"{joined.ErrorCode} generation {joined.GenerationId} {joined.ProtocolType} {joined.ProtocolName} as {NameOf(joined.MemberId)}, led by {NameOf(joined.Leader)}, "
        + $"skip {joined.SkipAssignment}, members {string.Join(' ', joined.Members.Select(one => $"{NameOf(one.MemberId)}/{one.GroupInstanceId}/{Text(one.Metadata)}").Order(StringComparer.Ordinal))}");

    /// <summary>Waits for all of them before it writes down the first, which may speak of the others by their ids.</summary>
    public async Task NoteAsync(string what, params Task<JoinGroupResponse>[] joins)
    {
        foreach (var joined in await Task.WhenAll(joins))
        {
            Note(what, joined);
        }
    }

    public void Note(string what, SyncGroupResponse synced) => transcript.Add(what, $"{synced.ErrorCode} '{Text(synced.Assignment)}'");

    /// <summary>Whether a join is answered at once, or makes the group collect its members and waits for them.</summary>
    public async Task<bool> IsParkedAsync(string what, Task<JoinGroupResponse> join)
    {
        var state = "";
        while (!join.IsCompleted && state != "PreparingRebalance")
        {
            state = (await DescribeAsync()).GroupState;
        }

        transcript.Add(what, join.IsCompleted ? "is answered" : "waits");
        return !join.IsCompleted;
    }

    /// <summary>Waits until the group is in a state, with so many members.</summary>
    public async Task UntilAsync(string state, int members)
    {
        DescribeGroupsResponse.DescribedGroup group;
        do
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            group = await DescribeAsync();
        }
        while (group.GroupState != state || group.Members.Count != members);
    }

    private async Task<DescribeGroupsResponse.DescribedGroup> DescribeAsync() =>
        (await client.AskAsync<DescribeGroupsRequest, DescribeGroupsResponse>(new() { Groups = [id] }, 5)).Groups[0];

    private static JoinGroupRequest.JoinGroupRequestProtocol Protocol(string text)
    {
        var parts = text.Split(':', 2);
        return new() { Name = parts[0], Metadata = Encoding.UTF8.GetBytes(parts.Length == 2 ? parts[1] : "m") };
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private string NameOf(string memberId) => memberId.Length == 0 ? "nobody" : _ids.FirstOrDefault(known => known.Value == memberId).Key ?? "a new id";

    private async Task<RawClient> ConnectionOfAsync(string member) =>
        _connections.TryGetValue(member, out var connection) ? connection : _connections[member] = await client.ConnectAgainAsync();
}
