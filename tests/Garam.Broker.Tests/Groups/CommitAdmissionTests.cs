using Garam.Broker.Groups;
using Garam.Kafka;

namespace Garam.Broker.Tests.Groups;

/// <summary>Who may commit offsets, and when.</summary>
public sealed class CommitAdmissionTests
{
    private readonly GroupScenario _s = new();

    [Fact]
    public void Without_a_member_id_offsets_are_taken_while_the_group_is_empty_and_only_then()
    {
        _s.Group.AdmitCommit("", null, -1).ShouldBe(ErrorCode.None);
        _s.StableGroupOf(1);
        _s.Group.AdmitCommit("", null, -1).ShouldBe(ErrorCode.UnknownMemberId);
    }

    [Fact]
    public void A_member_commits_in_its_own_generation_only()
    {
        var id = _s.StableGroupOf(1)[0];
        _s.Group.AdmitCommit(id, null, 1).ShouldBe(ErrorCode.None);
        _s.Group.AdmitCommit(id, null, 0).ShouldBe(ErrorCode.IllegalGeneration);
        _s.Group.AdmitCommit(id, null, -1).ShouldBe(ErrorCode.IllegalGeneration);
        _s.Group.AdmitCommit("ghost", null, 1).ShouldBe(ErrorCode.UnknownMemberId);
    }

    [Fact]
    public void While_members_are_collected_they_may_still_commit_and_once_the_generation_is_fixed_they_must_sync_first()
    {
        var id = _s.StableGroupOf(1)[0];
        _s.Join();
        _s.State.ShouldBe(GroupState.PreparingRebalance);
        _s.Group.AdmitCommit(id, null, 1).ShouldBe(ErrorCode.None);
        _s.Join(id);
        _s.Group.AdmitCommit(id, null, 2).ShouldBe(ErrorCode.RebalanceInProgress);
    }

    [Fact]
    public void A_commit_counts_as_a_heartbeat()
    {
        var id = _s.StableGroupOf(1)[0];
        for (var i = 0; i < 5; i++)
        {
            _s.Pass(GroupScenario.Session / 2);
            _s.Group.AdmitCommit(id, null, 1).ShouldBe(ErrorCode.None);
        }
    }
}
