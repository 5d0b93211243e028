namespace Garam.Operations.Tests;

public sealed class SuggestionTests
{
    [Theory]
    [InlineData("ordres", "orders")]
    [InlineData("Orders", "orders")]
    [InlineData("order", "orders")]
    [InlineData("oders", "orders")]
    [InlineData("pay", "payments")]
    [InlineData("shipping")]
    [InlineData("x")]
    public void A_name_is_answered_with_those_that_are_like_it(string name, params string[] expected) =>
        Suggestion.Like(name, ["orders", "payments", "__consumer_offsets"]).ShouldBe(expected);

    [Fact]
    public void Several_are_named_the_nearest_first() =>
        Suggestion.Missing("topic", "order", ["orders", "ordering", "orders2"]).ShouldBe("topic order does not exist. Did you mean ordering, orders or orders2?");

    [Theory]
    [InlineData(0, "0 records")]
    [InlineData(1, "1 record")]
    [InlineData(2, "2 records")]
    [InlineData(12345, "12,345 records")]
    public void A_number_and_what_it_counts_agree(long number, string expected) => Words.Count(number, "record").ShouldBe(expected);
}
