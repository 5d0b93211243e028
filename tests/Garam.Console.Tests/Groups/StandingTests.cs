using Garam.Console.Endpoints;
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
        Standing.Of(English, ReadingState.Stalled, PositionState.Known, held).ShouldBe(new Standing("bad", "held", "The dead letter cannot be written."));
    }

    [Theory]
    [InlineData(PartitionActivity.Held)]
    [InlineData(PartitionActivity.Waiting)]
    [InlineData(PartitionActivity.Paused)]
    [InlineData(PartitionActivity.Draining)]
    public void An_activity_has_the_same_word_and_colour_in_the_group_and_in_the_services(PartitionActivity activity)
    {
        var standing = Standing.Of(English, ReadingState.Reading, PositionState.Known, new PartitionState(0, 5, 1, 3, activity, "why"));
        (standing.Level, standing.Word).ShouldBe((activity.Level(), activity.Word(English)));
    }

    [Fact]
    public void Every_state_has_its_word_and_colour_from_the_one_table()
    {
        foreach (var state in Enum.GetValues<ReadingState>())
        {
            var standing = Standing.Of(English, state, PositionState.Known, endpoint: null);
            (standing.Level, standing.Word).ShouldBe((state.Level(), English.Word(state)));
            Language.Of("ko").Word(state).ShouldNotBe(English.Word(state));
        }
    }

    [Fact]
    public void A_position_whose_records_are_deleted_says_so() =>
        Standing.Of(English, ReadingState.Stopped, PositionState.BeforeStart, endpoint: null).Why.ShouldNotBeNull().ShouldContain("deleted");
}
