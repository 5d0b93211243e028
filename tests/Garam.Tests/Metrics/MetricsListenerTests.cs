using System.Diagnostics.Metrics;
using Garam.Metrics;

namespace Garam.Tests.Metrics;

public sealed class MetricsListenerTests : IDisposable
{
    private readonly MetricsListener _listener = new();
    private readonly Meter _meter = new("Garam.Tests." + Guid.NewGuid().ToString("N"));

    public void Dispose()
    {
        _meter.Dispose();
        _listener.Dispose();
    }

    [Fact]
    public void A_counter_is_a_total_for_each_set_of_labels()
    {
        var counter = _meter.CreateCounter<long>("garam.tests.read", "{record}", "Records read.");
        counter.Add(2, new KeyValuePair<string, object?>("topic", "a"));
        counter.Add(3, new KeyValuePair<string, object?>("topic", "a"));
        counter.Add(1, new KeyValuePair<string, object?>("topic", "q\"\\\n"));
        Lines("garam_tests_read").ShouldBe(
            [
                "# HELP garam_tests_read_total Records read.",
                "# TYPE garam_tests_read_total counter",
                "garam_tests_read_total{topic=\"a\"} 5",
                "garam_tests_read_total{topic=\"q\\\"\\\\\\n\"} 1",
            ],
            ignoreOrder: true);
    }

    [Fact]
    public void A_histogram_counts_what_is_at_or_below_each_bound()
    {
        var histogram = _meter.CreateHistogram("garam.tests.wait", "s", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        foreach (var value in (double[])[0.05, 0.1, 0.5, 7])
            histogram.Record(value);
        Lines("garam_tests_wait").Skip(2).ShouldBe(
        [
            "garam_tests_wait_seconds_bucket{le=\"0.1\"} 2",
            "garam_tests_wait_seconds_bucket{le=\"1\"} 3",
            "garam_tests_wait_seconds_bucket{le=\"+Inf\"} 4",
            "garam_tests_wait_seconds_sum 7.65",
            "garam_tests_wait_seconds_count 4",
        ]);
    }

    [Fact]
    public void What_is_observed_no_more_is_shown_no_more()
    {
        List<Measurement<int>> lag = [new(7, new KeyValuePair<string, object?>("partition", 0))];
        _meter.CreateObservableGauge("garam.tests.lag", () => lag);
        Lines("garam_tests_lag{").ShouldBe(["garam_tests_lag{partition=\"0\"} 7"]);
        lag.Clear();
        Lines("garam_tests_lag{").ShouldBeEmpty();
    }

    [Fact]
    public void Labels_without_end_share_one_series()
    {
        var counter = _meter.CreateCounter<int>("garam.tests.wild");
        for (var i = 0; i < Metric.MaxSeries + 500; i++)
            counter.Add(1, new KeyValuePair<string, object?>("id", i));
        var lines = Lines("garam_tests_wild_total{");
        lines.Length.ShouldBe(Metric.MaxSeries + 1);
        lines.ShouldContain("garam_tests_wild_total{overflow=\"true\"} 500");
    }

    private string[] Lines(string containing)
    {
        var text = new StringWriter();
        _listener.WriteTo(text);
        return [.. text.ToString().Split('\n').Where(line => line.Contains(containing))];
    }
}
