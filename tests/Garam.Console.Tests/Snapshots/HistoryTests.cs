using Garam.Console.Snapshots;
using Garam.Operations.Groups;

namespace Garam.Console.Tests.Snapshots;

public sealed class HistoryTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly History _history = new();

    [Fact]
    public void A_rate_is_records_over_time_and_unknown_after_one_look()
    {
        Look(0, records: 100);
        _history.Rate("orders").ShouldBeNull();
        Look(10, records: 150);
        _history.Rate("orders").ShouldBe(5);
    }

    [Fact]
    public void Where_nobody_looked_there_is_a_gap()
    {
        for (var second = 0; second <= 60; second += 5)
            Look(second, second);
        for (var second = 300; second <= 360; second += 5)
            Look(second, second);

        var rates = _history.Rates("orders");
        rates[^1].ShouldBe(1);
        rates.Where(rate => rate is not null).ShouldAllBe(rate => rate == 1);
        rates.Count(rate => rate is not null).ShouldBe(8, "two minutes were looked at, in steps of a quarter");
        rates[^10].ShouldBeNull();
    }

    [Fact]
    public void A_topic_that_was_made_anew_has_no_negative_rate()
    {
        Look(0, 1000);
        Look(5, 3);
        _history.Rate("orders").ShouldBeNull();
    }

    [Fact]
    public void After_a_quarter_of_an_hour_nothing_is_left_of_a_topic_that_is_gone()
    {
        Look(0, 1);
        _history.Rates("orders").ShouldNotBeEmpty();
        _history.Add(Start.AddMinutes(15), [], []);
        _history.Rates("orders").ShouldBeEmpty();
    }

    [Fact]
    public void Lags_are_kept_for_a_quarter_of_an_hour()
    {
        for (var second = 0; second < 2000; second += 5)
            _history.Add(Start.AddSeconds(second), [], [new GroupNow("billing", "Stable", 2, ["orders"], second, null, new LagCoverage(1, 1, 0, null, 0))]);

        _history.Lags("billing").Count.ShouldBe(History.Length);
        _history.Lags("billing")[^1].ShouldBe(1995);
    }

    private void Look(int second, long records) =>
        _history.Add(Start.AddSeconds(second), [new TopicNow("orders", 1, 1, false, records, records, null, [])], []);
}
