using Garam.Console.Groups;

namespace Garam.Console.Tests.Groups;

public sealed class GroupVerdictTests
{
    // One letter for each look, ten seconds apart: lag, committed, members.
    [Theory]
    [InlineData("nothing seen", GroupVerdict.Unknown)]
    [InlineData("nothing to read", GroupVerdict.Ok, 0, 10, 1)]
    [InlineData("nothing to read and nobody there", GroupVerdict.Ok, 0, 10, 0)]
    [InlineData("seen once, with lag", GroupVerdict.Unknown, 5, 10, 1)]
    [InlineData("records wait and nobody is there", GroupVerdict.Stopped, 5, 10, 0)]
    [InlineData("does not move", GroupVerdict.Stalled, 5, 10, 1, 5, 10, 1, 7, 10, 1)]
    [InlineData("reads, and more comes", GroupVerdict.FallingBehind, 5, 10, 1, 6, 12, 1, 9, 13, 1)]
    [InlineData("reads, and as much comes", GroupVerdict.FallingBehind, 5, 10, 1, 5, 12, 1, 5, 14, 1)]
    [InlineData("catches up", GroupVerdict.Ok, 9, 10, 1, 6, 13, 1, 7, 14, 1)]
    [InlineData("was through a moment ago", GroupVerdict.Ok, 4, 10, 1, 0, 14, 1, 3, 14, 1)]
    [InlineData("went back", GroupVerdict.Rewound, 0, 10, 1, 10, 0, 1)]
    [InlineData("went back, and nobody is there", GroupVerdict.Stopped, 0, 10, 0, 10, 0, 0)]
    [InlineData("went back, and is through again", GroupVerdict.Ok, 10, 0, 1, 4, 6, 1, 0, 10, 1)]
    public void A_group_is_judged_by_how_it_moves(string what, GroupVerdict expected, params int[] looks)
    {
        var samples = looks.Chunk(3).Select((look, index) => new GroupSample(At(index * 10), look[0], look[1], look[2])).ToList();
        GroupVerdicts.Of(samples).ShouldBe(expected, what);
    }

    [Fact]
    public void Ten_seconds_are_too_short_to_say_that_nothing_moves() =>
        GroupVerdicts.Of([new(At(0), 5, 10, 1), new(At(10), 5, 10, 1)]).ShouldBe(GroupVerdict.Unknown);

    [Fact]
    public void What_was_more_than_two_minutes_ago_does_not_count() =>
        GroupVerdicts.Of([new(At(0), 0, 20, 1), new(At(10), 9, 10, 1), new(At(140), 9, 10, 1), new(At(160), 9, 10, 1)]).ShouldBe(GroupVerdict.Stalled);

    private static DateTimeOffset At(int seconds) => DateTimeOffset.UnixEpoch.AddSeconds(seconds);
}
