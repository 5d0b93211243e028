using Garam.Broker.Groups;
using Garam.Kafka;
using static Garam.Broker.Tests.Groups.GroupScenario;

namespace Garam.Broker.Tests.Groups;

/// <summary>Static membership (KIP-345).</summary>
public sealed class StaticMemberTests
{
    private readonly GroupScenario _s = new();

    [Fact]
    public void A_static_follower_that_restarts_gets_a_new_id_and_its_old_assignment_without_a_rebalance()
    {
        var ids = _s.StableGroupOf(2, i => $"instance-{i}");
        var back = _s.Join(instance: "instance-1");

        back.Result.Error.ShouldBe(ErrorCode.None);
        back.Result.MemberId.ShouldNotBe(ids[1]);
        back.Result.Generation.ShouldBe(2);
        back.Result.Leader.ShouldBe(ids[0]);
        _s.State.ShouldBe(GroupState.Stable);
        _s.Sync(new SyncAttempt(back.Result.MemberId, "instance-1", 2, new Dictionary<string, byte[]>())).Result.Assignment.ShouldBe(Bytes("for " + ids[1]));
        _s.Written[^1].Members.ShouldContain(member => member.Id == back.Result.MemberId, "the new id survives a restart");
    }

    [Fact]
    public void A_static_leader_that_restarts_is_told_that_its_former_self_leads_so_that_it_does_not_assign()
    {
        var ids = _s.StableGroupOf(2, i => $"instance-{i}");
        var back = _s.Join(instance: "instance-0");
        back.Result.Leader.ShouldBe(ids[0]);
        back.Result.MemberId.ShouldNotBe(ids[0]);
        back.Result.Members.ShouldBeEmpty();
        _s.State.ShouldBe(GroupState.Stable);
    }

    [Fact]
    public void From_version_9_a_static_leader_that_restarts_leads_on_and_is_told_to_skip_the_assignment()
    {
        _s.StableGroupOf(2, i => $"instance-{i}");
        var back = _s.Join(instance: "instance-0", canSkip: true);
        back.Result.Leader.ShouldBe(back.Result.MemberId);
        back.Result.SkipAssignment.ShouldBeTrue();
        back.Result.Members.Count.ShouldBe(2);
    }

    [Fact]
    public void A_static_member_whose_restart_changes_the_chosen_protocol_starts_a_rebalance()
    {
        _s.Join(instance: "a", protocols: ["range", "sticky"]).Result.Error.ShouldBe(ErrorCode.None);
        var id = _s.Group.Snapshot().Leader!;
        _s.Sync(new SyncAttempt(id, "a", 1, new Dictionary<string, byte[]> { [id] = Bytes("all") }));
        _s.Join(instance: "a", protocols: ["sticky", "range"]).Result.Generation.ShouldBe(2);
    }

    [Fact]
    public void The_older_holder_of_an_instance_id_is_fenced_everywhere()
    {
        var ids = _s.StableGroupOf(1, _ => "i");
        var back = _s.Join(instance: "i").Result.MemberId;

        _s.Group.Heartbeat(ids[0], "i", 1).ShouldBe(ErrorCode.FencedInstanceId);
        _s.Group.AdmitCommit(ids[0], "i", 1).ShouldBe(ErrorCode.FencedInstanceId);
        _s.Leave(ids[0], "i").ShouldBe(ErrorCode.FencedInstanceId);
        _s.Join(ids[0], "i").Result.Error.ShouldBe(ErrorCode.FencedInstanceId);
        _s.Sync(new SyncAttempt(ids[0], "i", 1, new Dictionary<string, byte[]>())).Result.Error.ShouldBe(ErrorCode.FencedInstanceId);
        _s.Group.Heartbeat(back, "i", 1).ShouldBe(ErrorCode.None);
    }

    [Fact]
    public void What_the_older_holder_had_parked_is_answered_as_fenced()
    {
        var ids = _s.StableGroupOf(2, i => $"instance-{i}");
        var parked = _s.Join(ids[1], "instance-1", protocols: "range:new");
        var back = _s.Join(instance: "instance-1");
        parked.Result.Error.ShouldBe(ErrorCode.FencedInstanceId);
        _s.Join(ids[0], "instance-0");
        back.Result.Error.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public void A_static_member_that_is_away_keeps_its_place_through_a_rebalance_until_its_session_expires()
    {
        var (session, rebalance) = (TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(5));
        var away = _s.Join(instance: "away", session: session, rebalance: rebalance).Result.MemberId;
        _s.Sync(new SyncAttempt(away, "away", 1, new Dictionary<string, byte[]>()));

        var present = _s.Join(session: session, rebalance: rebalance);
        _s.Pass(rebalance);
        present.Result.Members.Select(member => member.InstanceId).ShouldBe(["away", null]);
        present.Result.Leader.ShouldBe(present.Result.MemberId, "whoever is away cannot assign");
        _s.Sync(present.Result.MemberId, 2, (away, "kept"));
        _s.Group.Heartbeat(away, "away", 2).ShouldBe(ErrorCode.None);

        _s.Pass(session);
        _s.Group.Heartbeat(away, "away", 2).ShouldBe(ErrorCode.UnknownMemberId);
    }

    [Fact]
    public void When_only_absent_static_members_are_left_the_rebalance_waits_until_they_have_expired()
    {
        var s = new GroupScenario();
        var stayed = s.Join(instance: "a", session: TimeSpan.FromMinutes(3), rebalance: TimeSpan.FromSeconds(10)).Result.MemberId;
        s.Sync(new SyncAttempt(stayed, "a", 1, new Dictionary<string, byte[]>()));
        s.Join(rebalance: TimeSpan.FromSeconds(10), clientId: "guest").IsAnswered.ShouldBeFalse();
        s.Leave("guest-2").ShouldBe(ErrorCode.None);
        s.Pass(TimeSpan.FromSeconds(30));
        s.State.ShouldBe(GroupState.PreparingRebalance);
        s.Pass(TimeSpan.FromMinutes(3));
        s.State.ShouldBe(GroupState.Empty);
    }

    [Fact]
    public void An_administrator_removes_a_static_member_by_its_instance_id_alone()
    {
        _s.StableGroupOf(1, _ => "i");
        _s.Leave("", "i").ShouldBe(ErrorCode.None);
        _s.State.ShouldBe(GroupState.Empty);
    }

    [Fact]
    public void A_full_group_lets_a_static_member_return_to_its_own_place()
    {
        var s = new GroupScenario(new GroupOptions { MaxSize = 2 });
        s.StableGroupOf(2, i => $"instance-{i}");
        s.Join(instance: "instance-1").Result.Error.ShouldBe(ErrorCode.None);
    }
}
