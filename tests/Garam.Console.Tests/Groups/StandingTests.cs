using Garam.Console.Groups;
using Garam.Console.Languages;
using Garam.Messaging.Health;
using Garam.Operations.Groups;

namespace Garam.Console.Tests.Groups;

public sealed class StandingTests
{
    private static readonly Language English = Language.Of("en");

    [Fact]
    public void What_the_consumer_says_itself_counts_more_than_what_is_seen()
    {
        var held = new PartitionState(0, 5, 1, 3, PartitionActivity.Held, "The dead letter cannot be written.");
        Standing.Of(English, Position(lag: 3, member: "m"), hasMembers: true, held).ShouldBe(new Standing("bad", "held", "The dead letter cannot be written."));
    }

    [Theory]
    [InlineData(0L, null, false, PositionState.Known, "ok", "caught up")]
    [InlineData(3L, "m", true, PositionState.Known, "ok", "reading")]
    [InlineData(3L, null, true, PositionState.Known, "warn", "not assigned")]
    [InlineData(3L, null, false, PositionState.Known, "bad", "nobody reads")]
    [InlineData(0L, null, false, PositionState.BeyondEnd, "warn", "beyond the end")]
    [InlineData(null, null, false, PositionState.Gone, "bad", "no partition")]
    [InlineData(null, "m", true, PositionState.NoLeader, "bad", "no partition")]
    public void Without_its_word_the_broker_knows_enough(long? lag, string? member, bool hasMembers, PositionState state, string level, string word)
    {
        var standing = Standing.Of(English, Position(lag, member, state), hasMembers, endpoint: null);
        (standing.Level, standing.Word).ShouldBe((level, word));
    }

    [Fact]
    public void A_position_whose_records_are_gone_says_so() =>
        Standing.Of(English, Position(lag: 3, member: null, PositionState.BeforeStart), hasMembers: false, endpoint: null).Why.ShouldNotBeNull().ShouldContain("deleted");

    private static GroupPosition Position(long? lag, string? member, PositionState state = PositionState.Known) =>
        new("orders", 0, 5, 0, 5 + lag, state, lag, null, member, member, null);
}
