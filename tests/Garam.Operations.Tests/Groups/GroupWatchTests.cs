using Garam.Operations.Groups;
using Microsoft.Extensions.Time.Testing;

namespace Garam.Operations.Tests.Groups;

public sealed class GroupWatchTests
{
    private readonly FakeTimeProvider _clock = new(DateTimeOffset.UnixEpoch);
    private readonly GroupWatch _watch;

    public GroupWatchTests() => _watch = new GroupWatch(_clock);

    // Three numbers for each look, ten seconds apart: lag, committed, members.
    [Theory]
    [InlineData("nothing to read", ReadingState.CaughtUp, 0, 10, 1)]
    [InlineData("nothing to read and no members", ReadingState.CaughtUp, 0, 10, 0)]
    [InlineData("seen once, with lag", ReadingState.Watching, 5, 10, 1)]
    [InlineData("unread records and no members", ReadingState.Stopped, 5, 10, 0)]
    [InlineData("does not move", ReadingState.Stalled, 5, 10, 1, 5, 10, 1, 7, 10, 1)]
    [InlineData("reads, and more comes", ReadingState.FallingBehind, 5, 10, 1, 6, 12, 1, 9, 13, 1)]
    [InlineData("reads, and as much comes", ReadingState.FallingBehind, 5, 10, 1, 5, 12, 1, 5, 14, 1)]
    [InlineData("catches up", ReadingState.Reading, 9, 10, 1, 6, 13, 1, 7, 14, 1)]
    [InlineData("was caught up a moment ago", ReadingState.Reading, 4, 10, 1, 0, 14, 1, 3, 14, 1)]
    [InlineData("went back", ReadingState.Rewound, 0, 10, 1, 10, 0, 1)]
    [InlineData("went back, and has no members", ReadingState.Stopped, 0, 10, 0, 10, 0, 0)]
    [InlineData("went back, and is caught up again", ReadingState.CaughtUp, 10, 0, 1, 4, 6, 1, 0, 10, 1)]
    public void A_group_is_judged_by_how_it_moves(string what, ReadingState expected, params int[] looks)
    {
        var state = ReadingState.Watching;
        foreach (var look in looks.Chunk(3))
        {
            state = Look(look[2], Position(0, committed: look[1], lag: look[0], owned: look[2] > 0));
            _clock.Advance(TimeSpan.FromSeconds(10));
        }

        state.ShouldBe(expected, what);
    }

    [Fact]
    public void A_partition_that_does_not_move_is_not_hidden_by_one_that_does()
    {
        GroupReading reading = null!;
        for (var look = 0; look < 4; look++)
        {
            reading = Observe(1, Position(0, committed: 10, lag: 5), Position(1, committed: 10 + look, lag: 20 - look));
            _clock.Advance(TimeSpan.FromSeconds(10));
        }

        reading.Partitions.ShouldBe([ReadingState.Stalled, ReadingState.Reading]);
        reading.State.ShouldBe(ReadingState.Stalled);
    }

    [Fact]
    public void A_group_that_reads_and_never_commits_is_not_watched_for_ever()
    {
        Look(1, Position(0, committed: null, lag: null)).ShouldBe(ReadingState.Watching);
        _clock.Advance(TimeSpan.FromSeconds(20));
        Look(1, Position(0, committed: null, lag: null)).ShouldBe(ReadingState.NotCommitting);
        _clock.Advance(TimeSpan.FromSeconds(5));
        Look(1, Position(0, committed: 3, lag: 5)).ShouldNotBe(ReadingState.NotCommitting);
    }

    [Fact]
    public void A_partition_that_no_member_owns_is_not_assigned_unless_the_group_is_rebalancing()
    {
        Look(1, Position(0, committed: 1, lag: 5, owned: false)).ShouldBe(ReadingState.Unassigned);
        Observe(1, "PreparingRebalance", Position(0, committed: 1, lag: 5, owned: false)).State.ShouldBe(ReadingState.Watching);
    }

    [Fact]
    public void A_group_without_any_position_is_idle_or_waits_for_an_assignment()
    {
        Look(0).ShouldBe(ReadingState.CaughtUp);
        Look(2).ShouldBe(ReadingState.Unassigned);
    }

    [Theory]
    [InlineData(PositionState.Gone, ReadingState.Gone)]
    [InlineData(PositionState.NoLeader, ReadingState.NoLeader)]
    [InlineData(PositionState.BeyondEnd, ReadingState.BeyondEnd)]
    public void What_is_special_about_a_position_is_its_state(PositionState position, ReadingState expected) =>
        Look(1, Position(0, committed: 9, lag: position is PositionState.BeyondEnd ? 0 : null, state: position)).ShouldBe(expected);

    [Fact]
    public void Ten_seconds_are_too_short_to_say_that_nothing_moves()
    {
        Look(1, Position(0, committed: 10, lag: 5));
        _clock.Advance(TimeSpan.FromSeconds(10));
        Look(1, Position(0, committed: 10, lag: 5)).ShouldBe(ReadingState.Watching);
    }

    [Fact]
    public void What_was_more_than_two_minutes_ago_does_not_count()
    {
        Look(1, Position(0, committed: 10, lag: 0));
        foreach (var seconds in new[] { 10, 100, 20 })
        {
            _clock.Advance(TimeSpan.FromSeconds(seconds));
            Look(1, Position(0, committed: 10, lag: 9));
        }

        Look(1, Position(0, committed: 10, lag: 9)).ShouldBe(ReadingState.Stalled);
    }

    [Fact]
    public void After_a_pause_watching_starts_again()
    {
        Look(1, Position(0, committed: 10, lag: 9));
        _clock.Advance(TimeSpan.FromMinutes(5));
        Look(1, Position(0, committed: 10, lag: 9)).ShouldBe(ReadingState.Watching);
    }

    private ReadingState Look(int members, params GroupPosition[] positions) => Observe(members, positions).State;

    private GroupReading Observe(int members, params GroupPosition[] positions) => Observe(members, members > 0 ? "Stable" : "Empty", positions);

    private GroupReading Observe(int members, string state, params GroupPosition[] positions) =>
        _watch.Observe(new GroupLag("billing", state, members, [], null, null, new LagCoverage(0, 0, 0, null, 0)) { Positions = positions });

    private static GroupPosition Position(int partition, long? committed, long? lag, bool owned = true, PositionState? state = null) => new(
        "orders", partition, committed, 0, 100, state ?? (committed is null ? PositionState.NothingCommitted : PositionState.Known), lag, null, owned ? "m" : null, owned ? "m" : null, null);
}
