using Garam.Broker.Groups;
using Garam.Kafka;
using static Garam.Broker.Tests.Groups.GroupScenario;

namespace Garam.Broker.Tests.Groups;

/// <summary>What a group is after a restart of the broker, wherever in its cycle it was hit.</summary>
public sealed class GroupRestartTests
{
    private readonly GroupScenario _s = new();

    [Fact]
    public void A_restart_in_a_generation_costs_no_member_its_id_and_no_rebalance()
    {
        var ids = _s.StableGroupOf(3);
        _s.Restart();

        _s.State.ShouldBe(GroupState.Stable);
        foreach (var id in ids)
        {
            _s.Group.Heartbeat(id, null, 2).ShouldBe(ErrorCode.None);
            _s.Sync(id, 2).Result.Assignment.ShouldBe(Bytes("for " + id));
            _s.Group.AdmitCommit(id, null, 2).ShouldBe(ErrorCode.None);
        }
    }

    [Fact]
    public void Static_members_keep_their_seats_over_a_restart_and_their_former_holders_stay_fenced()
    {
        var ids = _s.StableGroupOf(2, i => $"instance-{i}");
        var back = _s.Join(instance: "instance-1").Result.MemberId;
        _s.Restart();

        _s.Group.Heartbeat(back, "instance-1", 2).ShouldBe(ErrorCode.None);
        _s.Group.Heartbeat(ids[1], "instance-1", 2).ShouldBe(ErrorCode.FencedInstanceId);
        _s.Join(instance: "instance-0").Result.Generation.ShouldBe(2, "it returns to a stable group");
        _s.State.ShouldBe(GroupState.Stable);
    }

    [Fact]
    public void A_restart_while_members_were_collected_ends_in_one_new_generation_with_the_same_ids()
    {
        var ids = _s.StableGroupOf(2);
        _s.Join(ids[0]);
        _s.Restart();
        var joins = ids.Select(id => _s.Join(id, protocols: "range:new")).ToList();
        joins.ShouldAllBe(join => join.Result.Generation == 3 && join.Result.Leader == ids[0]);
        joins.Select(join => join.Result.MemberId).ShouldBe(ids);
    }

    [Fact]
    public void A_restart_before_the_leader_has_assigned_ends_in_one_new_generation_with_the_same_ids_newcomers_too()
    {
        var leader = _s.StableGroupOf(1)[0];
        var newcomer = _s.Join();
        _s.Join(leader).Result.Generation.ShouldBe(2);
        _s.Restart();

        string[] ids = [leader, newcomer.Result.MemberId];
        foreach (var id in ids)
        {
            _s.Group.Heartbeat(id, null, 2).ShouldBe(ErrorCode.RebalanceInProgress);
            _s.Sync(id, 2, (leader, "late"), (ids[1], "late")).Result.Error.ShouldBe(ErrorCode.RebalanceInProgress);
        }

        var joins = ids.Select(id => _s.Join(id)).ToList();
        joins.Select(join => join.Result.MemberId).ShouldBe(ids);
        joins.ShouldAllBe(join => join.Result.Generation == 3 && join.Result.Leader == leader);
    }

    [Fact]
    public void Who_does_not_return_to_an_unfinished_rebalance_is_waited_for_as_long_as_its_session_lasts()
    {
        var leader = _s.StableGroupOf(1)[0];
        var lost = _s.Join();
        _s.Join(leader);
        _s.Restart();

        var back = _s.Join(leader);
        _s.Pass(Session - TimeSpan.FromMilliseconds(1));
        back.IsAnswered.ShouldBeFalse();
        _s.Pass(TimeSpan.FromMilliseconds(1));
        back.Result.Members.Select(member => member.MemberId).ShouldBe([leader]);
        _s.Group.Heartbeat(lost.Result.MemberId, null, 3).ShouldBe(ErrorCode.UnknownMemberId);
    }

    [Fact]
    public void Members_that_do_not_return_after_a_restart_expire_after_a_whole_session()
    {
        _s.StableGroupOf(2);
        _s.Pass(Session / 2);
        _s.Restart();
        _s.Pass(Session - TimeSpan.FromMilliseconds(1));
        _s.State.ShouldBe(GroupState.Stable);
        _s.Pass(TimeSpan.FromMilliseconds(1));
        _s.State.ShouldBe(GroupState.Empty);
    }

    [Fact]
    public void A_group_whose_last_member_left_is_empty_after_a_restart_and_its_generations_go_on()
    {
        var id = _s.StableGroupOf(1)[0];
        _s.Leave(id);
        _s.Restart();
        _s.State.ShouldBe(GroupState.Empty);
        _s.Join().Result.Generation.ShouldBe(3);
    }
}
