using Garam.Console.Groups;
using Garam.Operations.Groups;

namespace Garam.Console.Tests.Groups;

public sealed class GroupListTests
{
    private static readonly GroupRow[] Rows =
    [
        Row("billing", lag: 5, ReadingState.Stalled, "orders"),
        Row("audit", lag: 5, ReadingState.Reading, "orders", "payments"),
        Row("mail", lag: 900, ReadingState.FallingBehind, "letters"),
        Row("new", lag: null, ReadingState.Watching),
    ];

    [Fact]
    public void The_most_lag_comes_first_and_equals_by_name() => Names(View()).ShouldBe(["mail", "audit", "billing", "new"]);

    [Fact]
    public void The_worst_verdict_comes_first() => Names(View(sort: "verdict")).ShouldBe(["billing", "mail", "new", "audit"]);

    [Fact]
    public void A_search_finds_groups_by_their_topics_too() => Names(View(q: "PAY")).ShouldBe(["audit"]);

    [Theory]
    [InlineData("Stalled", "billing")]
    [InlineData("stable", "audit", "billing", "mail", "new")]
    [InlineData("Empty")]
    public void A_filter_takes_a_verdict_or_a_state(string state, params string[] expected) => Names(View(state: state), sorted: true).ShouldBe(expected);

    [Theory]
    [InlineData("nonsense", "sideways", "-3")]
    [InlineData("99", null, "9999999999999")]
    public void Nonsense_in_the_address_is_the_first_page(string sort, string? order, string page)
    {
        var view = GroupList.Of(null, null, sort, order, page);
        (view.Sort, view.Page).ShouldBe((GroupSort.Lag, 1));
    }

    [Fact]
    public void Asking_for_the_column_again_turns_the_order_around()
    {
        var view = View(q: "a & b");
        view.Address(sort: GroupSort.Lag).ShouldBe("/console/groups?sort=lag&order=asc&q=a%20%26%20b");
        view.Address(sort: GroupSort.Name).ShouldBe("/console/groups?sort=name&order=asc&q=a%20%26%20b");
    }

    private static GroupList View(string? q = null, string? state = null, string? sort = null) => GroupList.Of(q, state, sort, null, null);

    private static IEnumerable<string> Names(GroupList view, bool sorted = false)
    {
        var names = view.Matching(Rows).Select(row => row.Name);
        return sorted ? names.Order(StringComparer.Ordinal) : names;
    }

    private static GroupRow Row(string name, long? lag, ReadingState verdict, params string[] topics) => new(name, "Stable", 1, topics, lag, null, verdict);
}
