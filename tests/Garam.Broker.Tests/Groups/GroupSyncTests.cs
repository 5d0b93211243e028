using Garam.Broker.Groups;
using Garam.Kafka;
using static Garam.Broker.Tests.Groups.GroupScenario;

namespace Garam.Broker.Tests.Groups;

/// <summary>SyncGroup, heartbeats, leaving and expiry.</summary>
public sealed class GroupSyncTests
{
    private readonly GroupScenario _s = new();

    [Fact]
    public void Followers_wait_for_the_leaders_assignment_and_each_gets_its_own()
    {
        var (leader, follower) = TwoInCompleting();
        var parked = _s.Sync(follower, 2);
        parked.IsAnswered.ShouldBeFalse();

        var leaders = _s.Sync(leader, 2, (leader, "0"), (follower, "1"));

        leaders.Result.Assignment.ShouldBe(Bytes("0"));
        parked.Result.Assignment.ShouldBe(Bytes("1"));
        parked.Result.ProtocolName.ShouldBe("range");
        _s.State.ShouldBe(GroupState.Stable);
    }

    [Fact]
    public void A_member_that_the_leader_forgot_gets_an_empty_assignment()
    {
        var (leader, follower) = TwoInCompleting();
        _s.Sync(leader, 2, (leader, "all"));
        var late = _s.Sync(follower, 2);
        late.Result.Error.ShouldBe(ErrorCode.None);
        late.Result.Assignment.ShouldBeEmpty();
    }

    [Fact]
    public void A_sync_of_an_unknown_member_a_wrong_generation_or_another_protocol_is_refused()
    {
        var id = _s.Join().Result.MemberId;
        _s.Sync("ghost", 1).Result.Error.ShouldBe(ErrorCode.UnknownMemberId);
        _s.Sync(id, 2).Result.Error.ShouldBe(ErrorCode.IllegalGeneration);
        var sync = new SyncAttempt(id, null, 1, new Dictionary<string, byte[]>());
        _s.Sync(sync with { ProtocolName = "sticky" }).Result.Error.ShouldBe(ErrorCode.InconsistentGroupProtocol);
        _s.Sync(sync with { ProtocolType = "connect" }).Result.Error.ShouldBe(ErrorCode.InconsistentGroupProtocol);
        _s.Sync(sync with { ProtocolName = "range", ProtocolType = "consumer" }).Result.Error.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public void A_sync_while_members_are_collected_says_that_a_rebalance_is_in_progress()
    {
        var id = _s.Join().Result.MemberId;
        _s.Join();
        _s.Sync(id, 1).Result.Error.ShouldBe(ErrorCode.RebalanceInProgress);
    }

    [Fact]
    public void When_the_leader_expires_before_it_has_assigned_the_waiting_followers_are_sent_into_a_rebalance()
    {
        var (leader, follower) = TwoInCompleting();
        var parked = _s.Sync(follower, 2);
        _s.Pass(Session);

        parked.Result.Error.ShouldBe(ErrorCode.RebalanceInProgress);
        var again = _s.Join(follower);
        again.Result.Leader.ShouldBe(follower);
        again.Result.Generation.ShouldBe(3);
        _s.Group.Heartbeat(leader, null, 3).ShouldBe(ErrorCode.UnknownMemberId);
    }

    [Fact]
    public void Who_lives_but_never_syncs_is_removed_after_the_rebalance_timeout()
    {
        var (leader, follower) = TwoInCompleting();
        var synced = _s.Sync(leader, 2, (leader, "0"), (follower, "1"));
        synced.Result.Error.ShouldBe(ErrorCode.None);
        BeatUntil(Rebalance, leader, follower);

        _s.Group.Heartbeat(leader, null, 2).ShouldBe(ErrorCode.RebalanceInProgress);
        _s.Group.Heartbeat(follower, null, 2).ShouldBe(ErrorCode.UnknownMemberId);
    }

    [Fact]
    public void A_leader_that_lives_but_never_assigns_is_removed_and_the_others_go_on_without_it()
    {
        var (leader, follower) = TwoInCompleting();
        var parked = _s.Sync(follower, 2);
        BeatUntil(Rebalance - TimeSpan.FromSeconds(1), leader);
        parked.IsAnswered.ShouldBeFalse();
        BeatUntil(TimeSpan.FromSeconds(1), leader);

        parked.Result.Error.ShouldBe(ErrorCode.RebalanceInProgress);
        _s.Sync(leader, 2, (leader, "late")).Result.Error.ShouldBe(ErrorCode.UnknownMemberId);
        _s.Join(follower).Result.Leader.ShouldBe(follower);
    }

    [Fact]
    public void Who_joins_while_the_leader_assigns_sends_everybody_back_and_the_old_assignment_is_not_taken()
    {
        var (leader, follower) = TwoInCompleting();
        var parked = _s.Sync(follower, 2);
        var third = _s.Join();

        parked.Result.Error.ShouldBe(ErrorCode.RebalanceInProgress);
        _s.Sync(leader, 2, (leader, "0"), (follower, "1")).Result.Error.ShouldBe(ErrorCode.RebalanceInProgress);
        _s.Join(follower);
        _s.Join(leader).Result.Members.Count.ShouldBe(3);
        third.Result.Generation.ShouldBe(3);
    }

    [Fact]
    public void Members_that_have_synced_are_left_in_peace_when_the_sync_deadline_passes()
    {
        var ids = _s.StableGroupOf(2);
        BeatUntil(Rebalance * 2, ids);
        _s.State.ShouldBe(GroupState.Stable);
        _s.Group.Generation.ShouldBe(2);
    }

    [Fact]
    public void A_heartbeat_names_what_is_wrong()
    {
        var id = _s.StableGroupOf(1)[0];
        _s.Group.Heartbeat(id, null, 1).ShouldBe(ErrorCode.None);
        _s.Group.Heartbeat(id, null, 0).ShouldBe(ErrorCode.IllegalGeneration);
        _s.Group.Heartbeat("ghost", null, 1).ShouldBe(ErrorCode.UnknownMemberId);
        _s.Group.Heartbeat(id, "no such instance", 1).ShouldBe(ErrorCode.UnknownMemberId);
    }

    [Fact]
    public void A_heartbeat_before_the_leader_has_assigned_is_fine_and_counts()
    {
        var id = _s.Join().Result.MemberId;
        BeatUntil(Session * 2, id);
        _s.Group.Heartbeat(id, null, 1).ShouldBe(ErrorCode.None);
    }

    [Fact]
    public void A_silent_member_is_removed_after_its_session_timeout_and_not_before()
    {
        var ids = _s.StableGroupOf(2);
        BeatUntil(Session - TimeSpan.FromSeconds(1), ids[0]);
        _s.State.ShouldBe(GroupState.Stable);
        BeatUntil(TimeSpan.FromSeconds(1), ids[0]);
        _s.State.ShouldBe(GroupState.PreparingRebalance);
        _s.Join(ids[0]).Result.Members.Count.ShouldBe(1);
    }

    [Fact]
    public void A_wall_clock_that_is_set_back_or_forth_expires_nobody()
    {
        var id = _s.StableGroupOf(1)[0];
        _s.Time.SetWallClock(TimeSpan.FromDays(400));
        BeatUntil(Session, id);
        _s.Time.SetWallClock(TimeSpan.FromDays(-800));
        BeatUntil(Session, id);
        _s.State.ShouldBe(GroupState.Stable);
    }

    [Fact]
    public void A_member_that_waits_for_the_others_does_not_expire_meanwhile()
    {
        var ids = _s.StableGroupOf(2);
        var waiting = _s.Join(ids[1], protocols: "range:new");
        BeatUntil(Session * 3, ids[0]);
        waiting.IsAnswered.ShouldBeFalse();
        _s.Join(ids[0]).Result.Members.Count.ShouldBe(2);
    }

    [Fact]
    public void Leaving_starts_a_rebalance_at_once_and_the_last_one_leaves_an_empty_group()
    {
        var ids = _s.StableGroupOf(2);
        _s.Leave(ids[0]).ShouldBe(ErrorCode.None);
        _s.Group.Heartbeat(ids[1], null, 2).ShouldBe(ErrorCode.RebalanceInProgress);
        _s.Join(ids[1]).Result.Leader.ShouldBe(ids[1]);

        _s.Leave(ids[1]).ShouldBe(ErrorCode.None);
        _s.State.ShouldBe(GroupState.Empty);
        _s.Written[^1].Members.ShouldBeEmpty();
        _s.Group.Generation.ShouldBe(4);
    }

    [Fact]
    public void Leaving_answers_what_the_member_had_parked()
    {
        var ids = _s.StableGroupOf(2);
        var parked = _s.Join(ids[1], protocols: "range:new");
        _s.Leave(ids[1]);
        parked.Result.Error.ShouldBe(ErrorCode.UnknownMemberId);
    }

    [Fact]
    public void A_handed_out_id_can_leave_and_nobody_waits_for_it_any_more()
    {
        var leader = _s.StableGroupOf(1)[0];
        var told = _s.Join(idFirst: true);
        var rejoin = _s.Join(leader);
        _s.Leave(told.Result.MemberId).ShouldBe(ErrorCode.None);
        rejoin.Result.Members.Count.ShouldBe(1);
    }

    [Fact]
    public void Leaving_as_somebody_unknown_says_so()
    {
        _s.StableGroupOf(1);
        _s.Leave("ghost").ShouldBe(ErrorCode.UnknownMemberId);
        _s.Leave("", "no such instance").ShouldBe(ErrorCode.UnknownMemberId);
    }

    [Fact]
    public void A_new_group_of_the_same_name_may_speak_another_protocol_type()
    {
        var id = _s.StableGroupOf(1)[0];
        _s.Leave(id);
        _s.Join(type: "connect", protocols: "compatible").Result.ProtocolType.ShouldBe("connect");
    }

    [Fact]
    public void A_dead_group_answers_everybody_who_waits()
    {
        var ids = _s.StableGroupOf(2);
        var parked = _s.Join(ids[1], protocols: "range:new");
        var effects = new GroupEffects();
        _s.Group.Die(effects);
        effects.Release();
        parked.Result.Error.ShouldBe(ErrorCode.NotCoordinator);
        _s.Join().Result.Error.ShouldBe(ErrorCode.CoordinatorNotAvailable);
    }

    [Fact]
    public void An_answer_that_rests_on_something_unwritten_becomes_the_error_of_the_write()
    {
        var id = _s.Join().Result.MemberId;
        var effects = new GroupEffects();
        var answer = new Awaited<SyncResult>();
        _s.Group.Sync(new SyncAttempt(id, null, 1, new Dictionary<string, byte[]> { [id] = Bytes("all") }), answer.Set, effects);
        effects.MustPersist.ShouldBeTrue();
        effects.Release(ErrorCode.NotCoordinator);
        answer.Result.Error.ShouldBe(ErrorCode.NotCoordinator);
        answer.Result.Assignment.ShouldBeEmpty();
    }

    private (string Leader, string Follower) TwoInCompleting()
    {
        var leader = _s.Join().Result.MemberId;
        var follower = _s.Join();
        _s.Join(leader);
        return (leader, follower.Result.MemberId);
    }

    private void BeatUntil(TimeSpan time, params string[] members)
    {
        for (var left = time; left > TimeSpan.Zero; left -= TimeSpan.FromSeconds(1))
        {
            foreach (var member in members)
            {
                _s.Group.Heartbeat(member, null, _s.Group.Generation);
            }

            _s.Pass(TimeSpan.FromSeconds(1));
        }
    }
}
