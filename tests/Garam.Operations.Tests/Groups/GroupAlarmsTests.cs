using Garam.Operations.Groups;

namespace Garam.Operations.Tests.Groups;

public sealed class GroupAlarmsTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddYears(56);

    [Fact]
    public void A_group_without_a_rule_raises_alarms() => Of(null).ShouldBeNull();

    [Fact]
    public void A_mute_ends_by_itself()
    {
        Of(new AlarmRule(Now.AddMinutes(1), 0)).ShouldBe(Silence.Muted);
        Of(new AlarmRule(Now, 0)).ShouldBeNull();
        Of(new AlarmRule(AlarmRule.Forever, 0)).ShouldBe(Silence.Muted);
    }

    [Fact]
    public void A_threshold_counts_what_is_above_it_and_what_is_not_known()
    {
        Of(new AlarmRule(null, 10), lag: 10).ShouldBe(Silence.BelowThreshold);
        Of(new AlarmRule(null, 10), lag: 11).ShouldBeNull();
        Of(new AlarmRule(null, 10), lag: null).ShouldBeNull();
    }

    [Fact]
    public void Only_a_group_without_members_is_taken_for_abandoned()
    {
        Of(null, behind: TimeSpan.FromDays(7)).ShouldBe(Silence.NotUsed);
        Of(null, behind: TimeSpan.FromDays(6)).ShouldBeNull();
        Of(null, members: 1, behind: TimeSpan.FromDays(30)).ShouldBeNull("it has a consumer that does not read: that is an alarm");
    }

    private static Silence? Of(AlarmRule? rule, int members = 0, long? lag = 5, TimeSpan? behind = null) => GroupAlarms.Of(rule, members, lag, behind, GroupAlarms.AbandonedAfter, Now);
}
