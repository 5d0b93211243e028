using Garam.Broker.Groups;
using Garam.Kafka;
using static Garam.Broker.Tests.Groups.GroupScenario;

namespace Garam.Broker.Tests.Groups;

/// <summary>JoinGroup by the rules of classic groups: who gets in, under which id, and how a generation comes about.</summary>
public sealed class GroupJoinTests
{
    private readonly GroupScenario _s = new();

    [Fact]
    public void The_first_member_forms_a_generation_at_once_and_leads_it()
    {
        var join = _s.Join(clientId: "billing");

        join.Result.Error.ShouldBe(ErrorCode.None);
        join.Result.Generation.ShouldBe(1);
        join.Result.MemberId.ShouldBe("billing-1");
        join.Result.Leader.ShouldBe("billing-1");
        join.Result.ProtocolName.ShouldBe("range");
        join.Result.ProtocolType.ShouldBe("consumer");
        join.Result.Members.Select(m => m.MemberId).ShouldBe(["billing-1"]);
        _s.State.ShouldBe(GroupState.CompletingRebalance);
    }

    [Fact]
    public void From_version_4_a_newcomer_is_told_its_id_first_and_joins_with_it()
    {
        var told = _s.Join(idFirst: true);
        told.Result.Error.ShouldBe(ErrorCode.MemberIdRequired);
        told.Result.MemberId.ShouldNotBeEmpty();
        _s.State.ShouldBe(GroupState.Empty);

        var joined = _s.Join(told.Result.MemberId, idFirst: true);
        joined.Result.Error.ShouldBe(ErrorCode.None);
        joined.Result.MemberId.ShouldBe(told.Result.MemberId);
    }

    [Fact]
    public void A_static_member_is_not_asked_to_come_back_with_an_id() =>
        _s.Join(instance: "i", idFirst: true).Result.Error.ShouldBe(ErrorCode.None);

    [Fact]
    public void An_id_that_was_handed_out_is_waited_for_until_it_expires()
    {
        var leader = _s.StableGroupOf(1)[0];
        _s.Join(idFirst: true).Result.Error.ShouldBe(ErrorCode.MemberIdRequired);

        var rejoined = _s.Join(leader);
        rejoined.IsAnswered.ShouldBeFalse("the pending member counts");
        _s.Pass(Session);
        rejoined.Result.Members.Count.ShouldBe(1);
    }

    [Fact]
    public void An_expired_id_is_unknown()
    {
        _s.StableGroupOf(1);
        var told = _s.Join(idFirst: true);
        _s.Pass(Session);
        _s.Join(told.Result.MemberId, idFirst: true).Result.Error.ShouldBe(ErrorCode.UnknownMemberId);
    }

    [Fact]
    public void A_member_that_the_group_does_not_know_is_told_so()
    {
        _s.Join("ghost").Result.Error.ShouldBe(ErrorCode.UnknownMemberId);
        _s.StableGroupOf(1);
        var join = _s.Join("ghost");
        join.Result.Error.ShouldBe(ErrorCode.UnknownMemberId);
        join.Result.MemberId.ShouldBe("ghost");
    }

    [Theory]
    [InlineData(5_999, ErrorCode.InvalidSessionTimeout)]
    [InlineData(6_000, ErrorCode.None)]
    [InlineData(1_800_000, ErrorCode.None)]
    [InlineData(1_800_001, ErrorCode.InvalidSessionTimeout)]
    internal void A_session_timeout_must_be_within_the_limits(int milliseconds, ErrorCode expected) =>
        _s.Join(session: TimeSpan.FromMilliseconds(milliseconds)).Result.Error.ShouldBe(expected);

    [Fact]
    public void A_join_without_protocols_or_with_another_type_or_with_nothing_in_common_is_inconsistent()
    {
        _s.Join(type: "").Result.Error.ShouldBe(ErrorCode.InconsistentGroupProtocol);
        _s.StableGroupOf(1);
        _s.Join(type: "connect").Result.Error.ShouldBe(ErrorCode.InconsistentGroupProtocol);
        _s.Join(protocols: "RoundRobinAssigner").Result.Error.ShouldBe(ErrorCode.InconsistentGroupProtocol);
        _s.State.ShouldBe(GroupState.Stable, "a stranger disturbs nobody");
    }

    [Fact]
    public void The_protocol_that_most_members_prefer_among_the_common_ones_is_chosen()
    {
        var a = _s.Join(protocols: ["range", "sticky", "own"]).Result.MemberId;
        _s.Join(protocols: ["sticky", "range"]);
        _s.Join(protocols: ["sticky", "range"]);
        var again = _s.Join(a, protocols: ["range", "sticky", "own"]);
        again.Result.ProtocolName.ShouldBe("sticky");
        again.Result.Members.Count.ShouldBe(3);
    }

    [Fact]
    public void Only_the_leader_gets_the_list_of_members_with_their_metadata_untouched()
    {
        var leader = _s.Join(protocols: "cooperative-sticky:owned=[0,1]").Result.MemberId;
        var follower = _s.Join(protocols: "cooperative-sticky:owned=[]");
        var again = _s.Join(leader, protocols: "cooperative-sticky:owned=[0,1]");

        again.Result.Leader.ShouldBe(leader);
        again.Result.Members.Select(m => System.Text.Encoding.UTF8.GetString(m.Metadata)).ShouldBe(["owned=[0,1]", "owned=[]"]);
        follower.Result.Leader.ShouldBe(leader);
        follower.Result.Members.ShouldBeEmpty();
        follower.Result.Generation.ShouldBe(again.Result.Generation);
    }

    [Fact]
    public void A_second_member_starts_a_rebalance_that_the_first_is_told_of_by_its_heartbeat()
    {
        var first = _s.StableGroupOf(1)[0];
        var second = _s.Join();
        second.IsAnswered.ShouldBeFalse();
        _s.State.ShouldBe(GroupState.PreparingRebalance);
        _s.Group.Heartbeat(first, null, 1).ShouldBe(ErrorCode.RebalanceInProgress);

        _s.Join(first).Result.Generation.ShouldBe(2);
        second.Result.Generation.ShouldBe(2);
    }

    [Fact]
    public void The_leader_stays_while_it_takes_part()
    {
        var ids = _s.StableGroupOf(3);
        var joins = new[] { _s.Join(ids[2], protocols: "range:new"), _s.Join(ids[1]), _s.Join(ids[0]) };
        joins.ShouldAllBe(join => join.Result.Leader == ids[0]);
    }

    [Fact]
    public void Who_does_not_rejoin_within_the_slowest_members_rebalance_timeout_is_removed()
    {
        var slow = _s.Join(rebalance: TimeSpan.FromSeconds(30), session: TimeSpan.FromMinutes(5)).Result.MemberId;
        _s.Sync(slow, 1, (slow, "all"));
        var quick = _s.Join(rebalance: TimeSpan.FromSeconds(7), session: TimeSpan.FromMinutes(5));

        _s.Pass(TimeSpan.FromSeconds(29.9));
        quick.IsAnswered.ShouldBeFalse();
        _s.Pass(TimeSpan.FromSeconds(0.1));
        quick.Result.Leader.ShouldBe(quick.Result.MemberId);
        quick.Result.Members.Count.ShouldBe(1);
        _s.Group.Heartbeat(slow, null, 2).ShouldBe(ErrorCode.UnknownMemberId);
    }

    [Fact]
    public void In_a_stable_group_a_follower_that_rejoins_unchanged_gets_the_current_generation()
    {
        var ids = _s.StableGroupOf(2);
        var join = _s.Join(ids[1]);
        join.Result.Error.ShouldBe(ErrorCode.None);
        join.Result.Generation.ShouldBe(_s.Group.Generation);
        join.Result.Leader.ShouldBe(ids[0]);
        _s.State.ShouldBe(GroupState.Stable);
    }

    [Fact]
    public void In_a_stable_group_the_leaders_rejoin_or_a_changed_follower_starts_a_rebalance()
    {
        var ids = _s.StableGroupOf(2);
        _s.Join(ids[0]).IsAnswered.ShouldBeFalse();
        _s.State.ShouldBe(GroupState.PreparingRebalance);

        var other = new GroupScenario();
        ids = other.StableGroupOf(2);
        other.Join(ids[1], protocols: "range:other topics").IsAnswered.ShouldBeFalse();
        other.State.ShouldBe(GroupState.PreparingRebalance);
    }

    [Fact]
    public void A_join_whose_answer_was_lost_is_answered_again_without_a_new_generation()
    {
        var first = _s.Join();
        var again = _s.Join(first.Result.MemberId);
        again.Result.Generation.ShouldBe(1);
        again.Result.Members.Count.ShouldBe(1);
        _s.State.ShouldBe(GroupState.CompletingRebalance);
    }

    [Fact]
    public void A_join_that_replaces_a_parked_one_of_the_same_member_leaves_neither_unanswered()
    {
        var ids = _s.StableGroupOf(2);
        var abandoned = _s.Join(ids[1], protocols: "range:1");
        var repeated = _s.Join(ids[1], protocols: "range:2");
        abandoned.Result.Error.ShouldBe(ErrorCode.RebalanceInProgress);
        _s.Join(ids[0]).Result.Members.Select(m => System.Text.Encoding.UTF8.GetString(m.Metadata)).ShouldBe(["m", "2"]);
        repeated.Result.Error.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public void With_an_initial_delay_the_first_generation_waits_and_every_join_extends_it_up_to_the_rebalance_timeout()
    {
        var s = new GroupScenario(new GroupOptions { InitialRebalanceDelay = TimeSpan.FromSeconds(3) });
        var joins = new List<Awaited<JoinResult>> { s.Join(rebalance: TimeSpan.FromSeconds(8)) };
        s.Pass(TimeSpan.FromSeconds(2));
        joins.Add(s.Join(rebalance: TimeSpan.FromSeconds(8)));
        s.Pass(TimeSpan.FromSeconds(2));
        joins.ShouldAllBe(join => !join.IsAnswered);
        joins.Add(s.Join(rebalance: TimeSpan.FromSeconds(8)));
        s.Pass(TimeSpan.FromSeconds(3.9));
        joins.ShouldAllBe(join => !join.IsAnswered);
        s.Pass(TimeSpan.FromSeconds(0.1));

        joins.ShouldAllBe(join => join.Result.Generation == 1);
        joins[0].Result.Members.Count.ShouldBe(3);
    }

    [Fact]
    public void A_group_takes_as_many_members_as_it_may_and_no_more()
    {
        var s = new GroupScenario(new GroupOptions { MaxSize = 2 });
        var ids = s.StableGroupOf(2);
        s.Join().Result.Error.ShouldBe(ErrorCode.GroupMaxSizeReached);
        s.Join(ids[1]).Result.Error.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public void Somebody_turned_away_from_a_full_group_is_not_waited_for()
    {
        var s = new GroupScenario();
        s.StableGroupOf(3);
        var limited = new GroupScenario(new GroupOptions { MaxSize = 2 });
        limited.Written.AddRange(s.Written);
        limited.Restart();
        var ids = s.Written[^1].Members.Select(member => member.Id).ToArray();

        var joins = new[] { limited.Join(ids[0]), limited.Join(ids[1]), limited.Join(ids[2]) };

        joins[2].Result.Error.ShouldBe(ErrorCode.GroupMaxSizeReached);
        joins[0].Result.Members.Count.ShouldBe(2);
        joins[1].Result.Error.ShouldBe(ErrorCode.None);
    }

    [Fact]
    public void A_newcomer_whose_join_is_parked_for_five_minutes_is_taken_to_be_gone()
    {
        var s = new GroupScenario();
        var present = s.Join(rebalance: TimeSpan.FromMinutes(20), session: TimeSpan.FromMinutes(20)).Result.MemberId;
        s.Sync(present, 1, (present, "all"));
        var newcomer = s.Join(rebalance: TimeSpan.FromMinutes(20));
        s.Pass(TimeSpan.FromMinutes(5));
        newcomer.Result.Error.ShouldBe(ErrorCode.UnknownMemberId);
        s.Join(present).Result.Members.Count.ShouldBe(1);
    }
}
