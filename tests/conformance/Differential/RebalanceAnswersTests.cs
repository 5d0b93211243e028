using Garam.Conformance.Brokers;

namespace Garam.Conformance.Differential;

/// <summary>Several members of one group that come, go, hang and answer late: everybody is answered as by Apache Kafka, in every phase.</summary>
public sealed class RebalanceAnswersTests(GaramBroker garam, ApacheKafka kafka) : SameAnswers(garam, kafka)
{
    [Fact]
    public Task Members_in_every_phase_of_a_rebalance() => CompareAsync(async (client, transcript) =>
    {
        await client.CreateTopicAsync(Name);
        await using var group = await BeginAsync(client, transcript);
        await AloneAsync(group, "a");

        var b = group.JoinAsync("b");
        await group.UntilAsync("PreparingRebalance", 2);
        await group.HeartbeatAsync("a", 1);
        await group.CommitAsync("a", 1, Name);
        group.Note("sync while members are collected", await group.SyncAsync("a", 1));
        await group.NoteAsync("a rejoins and b joins", group.JoinAsync("a"), b);

        await group.HeartbeatAsync("a", 2);
        await group.HeartbeatAsync("b", 2);
        await group.HeartbeatAsync("b", 1);
        await group.CommitAsync("b", 2, Name);
        var synced = group.SyncAsync("b", 2);
        group.Note("the leader assigns", await group.SyncAsync("a", 2, null, "a", "b"));
        group.Note("b is assigned", await synced);
        group.Note("b asks again", await group.SyncAsync("b", 2));
        await group.CommitAsync("b", 2, Name);

        group.Note("b rejoins unchanged", await group.JoinAsync("b"));
        await group.HeartbeatAsync("a", 2);
        var changed = group.JoinAsync("b", null, "range:other");
        await group.IsParkedAsync("b rejoins changed", changed);
        await group.LeaveAsync("a");
        group.Note("b is left", await changed);
        await group.HeartbeatAsync("a", 3);
        await group.LeaveAsync("a");
    });

    [Fact]
    public Task Somebody_joins_while_the_leader_assigns() => CompareAsync(async (client, transcript) =>
    {
        await using var group = await BeginAsync(client, transcript);
        await TwoBeforeAssignmentAsync(group);

        var synced = group.SyncAsync("b", 2);
        var c = group.JoinAsync("c");
        group.Note("b had asked for its assignment", await synced);
        await group.UntilAsync("PreparingRebalance", 3);
        group.Note("the leader is late", await group.SyncAsync("a", 2, null, "a", "b"));
        var b = group.JoinAsync("b");
        await group.NoteAsync("all join", group.JoinAsync("a"), b, c);
    });

    [Fact]
    public Task Members_that_do_not_rejoin_or_sync_in_time_are_removed_whoever_they_are() => CompareAsync(async (client, transcript) =>
    {
        await client.CreateTopicAsync(Name);
        await using var group = await BeginAsync(client, transcript, rebalanceTimeoutMs: 1_000);
        await AloneAsync(group, "a");
        group.Note("a does not rejoin", await group.JoinAsync("b"));
        await group.HeartbeatAsync("a", 2);
        group.Note("a syncs late", await group.SyncAsync("a", 2));
        group.Note("a joins late", await group.AskToJoinAsync("a"));
        await group.CommitAsync("a", 2, Name);

        var c = group.JoinAsync("c");
        await group.UntilAsync("PreparingRebalance", 2);
        await group.NoteAsync("b rejoins and c joins", group.JoinAsync("b"), c);
        group.Note("the leader never assigns", await group.SyncAsync("c", 3));
        await group.HeartbeatAsync("b", 3);
        group.Note("c rejoins", await group.JoinAsync("c"));
    });

    [Fact]
    public Task An_id_that_was_handed_out_is_waited_for_until_it_leaves() => CompareAsync(async (client, transcript) =>
    {
        await using var group = await BeginAsync(client, transcript);
        await AloneAsync(group, "a");
        await group.TakeIdAsync("told");
        await group.HeartbeatAsync("told", 1);
        var again = group.JoinAsync("a");
        await group.IsParkedAsync("the leader rejoins", again);
        await group.LeaveAsync("told");
        group.Note("nobody is waited for", await again);
        group.Note("the id is gone", await group.AskToJoinAsync("told"));
    });

    [Theory]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(9)]
    public Task Static_members_return_are_fenced_and_removed(short version) => CompareAsync(async (client, transcript) =>
    {
        await client.CreateTopicAsync(Name);
        await using var group = await BeginAsync(client, transcript, version);
        await TwoStaticAsync(group);

        group.Forget("b", "b's former self");
        group.Note("b returns", await group.JoinAsync("b", "two"));
        await group.HeartbeatAsync("b's former self", 2, "two");
        await group.CommitAsync("b's former self", 2, Name, "two");
        group.Note("the former self syncs", await group.SyncAsync("b's former self", 2, "two"));
        group.Note("the former self joins", await group.JoinAsync("b's former self", "two"));
        await group.LeaveAsync("b's former self", "two");
        group.Note("b is assigned what it had", await group.SyncAsync("b", 2, "two"));
        await group.HeartbeatAsync("b", 2, "two");
        await group.HeartbeatAsync("b", 2);
        await group.HeartbeatAsync("b", 2, "three");

        group.Forget("a", "a's former self");
        group.Note("the leader returns", await group.JoinAsync("a", "one"));
        group.Note("the leader is assigned what it had", await group.SyncAsync("a", 2, "one"));

        await group.LeaveAsync("two", "two", memberId: "");
        await group.HeartbeatAsync("b", 2, "two");
        await group.HeartbeatAsync("a", 2, "one");
        await group.LeaveAsync("no such instance", "three", memberId: "");
    });

    [Theory]
    [InlineData("range:other topics")]
    [InlineData("range", "sticky")]
    [InlineData("sticky", "range")]
    public Task A_static_member_returns_with_something_new(params string[] protocols) => CompareAsync(async (client, transcript) =>
    {
        await using var group = await BeginAsync(client, transcript);
        await TwoStaticAsync(group);
        group.Forget("b", "b's former self");
        var back = group.JoinAsync("b", "two", protocols);
        if (await group.IsParkedAsync("b returns", back))
        {
            await group.HeartbeatAsync("a", 2, "one");
            await group.NoteAsync("a rejoins", group.JoinAsync("a", "one"), back);
        }

        group.Note("b is back", await back);
    });

    [Fact]
    public Task A_static_member_returns_while_the_leader_assigns() => CompareAsync(async (client, transcript) =>
    {
        await using var group = await BeginAsync(client, transcript);
        await TwoStaticBeforeAssignmentAsync(group);
        var parked = group.SyncAsync("b", 2, "two");
        group.Forget("b", "b's former self");
        var back = group.JoinAsync("b again", "two");
        group.Note("the former self had asked for its assignment", await parked);
        await group.IsParkedAsync("b returns", back);
        await group.NoteAsync("a rejoins, b is back", group.JoinAsync("a", "one"), back);
    });

    private async Task<ScriptedGroup> BeginAsync(RawClient client, Transcript transcript, short version = 5, int rebalanceTimeoutMs = 30_000)
    {
        await client.AwaitCoordinatorAsync(Name);
        return new ScriptedGroup(client, transcript, Name) { JoinVersion = version, RebalanceTimeoutMs = rebalanceTimeoutMs };
    }

    private static async Task AloneAsync(ScriptedGroup group, string member)
    {
        group.Note($"{member} alone", await group.JoinAsync(member));
        group.Note($"{member} assigns", await group.SyncAsync(member, 1, null, member));
    }

    private static async Task TwoBeforeAssignmentAsync(ScriptedGroup group)
    {
        await AloneAsync(group, "a");
        var b = group.JoinAsync("b");
        await group.UntilAsync("PreparingRebalance", 2);
        await group.NoteAsync("both join", group.JoinAsync("a"), b);
    }

    private static async Task TwoStaticAsync(ScriptedGroup group)
    {
        await TwoStaticBeforeAssignmentAsync(group);
        var synced = group.SyncAsync("b", 2, "two");
        group.Note("a assigns", await group.SyncAsync("a", 2, "one", "a", "b"));
        group.Note("b", await synced);
    }

    private static async Task TwoStaticBeforeAssignmentAsync(ScriptedGroup group)
    {
        group.Note("a", await group.JoinAsync("a", "one"));
        group.Note("a assigns", await group.SyncAsync("a", 1, "one", "a"));
        var b = group.JoinAsync("b", "two");
        await group.UntilAsync("PreparingRebalance", 2);
        await group.NoteAsync("both join", group.JoinAsync("a", "one"), b);
    }
}
