using Garam.Operations.Groups;
using Garam.Console.Snapshots;
using Garam.Console.Topics;
using Garam.Operations.DeadLetters;

namespace Garam.Console.Tests.Topics;

public sealed class TopicListTests
{
    private static readonly Snapshot Seen = new(
        DateTimeOffset.UnixEpoch,
        [
            Topic("audit", records: 5, rate: null),
            Topic("orders", records: 100, rate: 9, Reads("billing", 7), Reads("stock", 40)),
            Topic("orders.billing.dlt", records: 2, rate: null),
            Topic("orders.v2", records: 30, rate: 1, Reads("stock", 3)),
            Topic("orders.v2.stock.dlt", records: 4, rate: null),
            Topic("__consumer_offsets", records: 9, rate: null) with { Internal = true },
        ],
        [],
        null);

    private static readonly Dictionary<string, long> Sizes = new() { ["orders"] = 10, ["audit"] = 2_000 };

    private static readonly DeadLetterTopic[] Letters = [Dead("orders", 2), Dead("orders", 3), Dead(null, 9)];

    [Theory]
    [InlineData(null, "audit,orders,orders.billing.dlt,orders.v2,orders.v2.stock.dlt")]
    [InlineData("records", "orders.billing.dlt,orders.v2.stock.dlt,audit,orders.v2,orders")]
    [InlineData("-records", "orders,orders.v2,audit,orders.v2.stock.dlt,orders.billing.dlt")]
    [InlineData("-lag", "orders,orders.v2,audit,orders.billing.dlt,orders.v2.stock.dlt")]
    [InlineData("-size", "audit,orders,orders.billing.dlt,orders.v2,orders.v2.stock.dlt")]
    [InlineData("nonsense", "audit,orders,orders.billing.dlt,orders.v2,orders.v2.stock.dlt")]
    public void It_is_sorted_as_the_address_says(string? sort, string expected) =>
        string.Join(',', List(null, sort: sort).Rows.Select(row => row.Topic.Name)).ShouldBe(expected);

    [Fact]
    public void The_words_of_the_filter_may_stand_anywhere_in_the_name() =>
        List("DLT stock").Rows.Select(row => row.Topic.Name).ShouldBe(["orders.v2.stock.dlt"]);

    [Fact]
    public void Kafkas_own_topics_are_listed_when_they_are_asked_for() => List("offsets", isInternal: true).Total.ShouldBe(1);

    [Fact]
    public void A_topic_shows_the_group_that_is_furthest_behind() => Row("orders").Worst!.Group.ShouldBe("stock");

    [Fact]
    public void The_lag_is_that_in_the_topic_and_not_in_all_that_the_group_reads() => Row("orders.v2").Worst!.Lag.ShouldBe(3);

    [Fact]
    public void No_group_is_behind_when_every_group_has_certainly_read_everything()
    {
        Of(Reads("billing", 0), Reads("stock", 0)).IsCaughtUp.ShouldBeTrue();
        Of(Reads("billing", 0), Reads("stock", 1)).IsCaughtUp.ShouldBeFalse();
        Of(Reads("billing", 0) with { Coverage = new LagCoverage(2, 1, 0, null, Leaderless: 1) }).IsCaughtUp.ShouldBeFalse("a partition has no leader");
        Of().IsCaughtUp.ShouldBeFalse("it has no groups");

        static TopicRow Of(params TopicReader[] readers) => new(Topic("orders", 1, null, readers), 0, null);
    }

    [Fact]
    public void A_topic_shows_how_many_of_its_records_wait_as_dead_letters()
    {
        Row("orders").Letters.ShouldBe(5);
        Row("audit").Letters.ShouldBe(0);
    }

    [Fact]
    public void A_page_behind_the_last_one_is_the_last_one()
    {
        var seen = Seen with { Topics = [.. Enumerable.Range(0, 120).Select(number => Topic($"t{number:000}", 0, null))] };
        var list = TopicList.Of(seen, [], Sizes, TopicListRequest.Of(null, false, null, 99));
        list.Page.ShouldBe(3);
        list.Rows.Count.ShouldBe(20);
        list.Total.ShouldBe(120);
    }

    private static TopicRow Row(string topic) => List(null).Rows.Single(row => row.Topic.Name == topic);

    private static TopicList List(string? filter, bool isInternal = false, string? sort = null) => TopicList.Of(Seen, Letters, Sizes, TopicListRequest.Of(filter, isInternal, sort, null));

    private static TopicNow Topic(string name, long records, double? rate, params TopicReader[] readers) => new(name, 1, 1, false, records, records, rate, readers);

    private static DeadLetterTopic Dead(string? source, long open) => new($"{source}.dlt", source, null, open, open, null, null, [], 0);

    private static TopicReader Reads(string group, long lag) => new(group, lag, null, new LagCoverage(1, 1, 0, null, 0));
}
