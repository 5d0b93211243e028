using System.Globalization;
using System.Text;

namespace Garam.Metrics;

/// <summary>The text format of Prometheus, version 0.0.4, with OpenTelemetry's rules for names.</summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static string NameOf(string instrument, string? unit, MetricKind kind)
    {
        var name = Legal(instrument);
        var suffix = unit switch
        {
            "s" => "_seconds",
            "ms" => "_milliseconds",
            "By" => "_bytes",
            "1" when kind is MetricKind.Gauge => "_ratio",
            _ => "",                                        // {record} and the like only say what is counted
        };
        if (!name.EndsWith(suffix, StringComparison.Ordinal))
            name += suffix;
        return kind is MetricKind.Counter && !name.EndsWith("_total", StringComparison.Ordinal) ? name + "_total" : name;
    }

    public static void Write(TextWriter output, string name, IReadOnlyList<Metric> metrics)
    {
        output.Write($"# HELP {name} {metrics[0].Help.Replace("\\", @"\\").Replace("\n", @"\n")}\n");
        output.Write($"# TYPE {name} {TypeOf(metrics[0].Kind)}\n");
        foreach (var (labels, series) in metrics.SelectMany(metric => metric.Series))
        {
            var text = Labels(labels);
            if (metrics[0].Kind is MetricKind.Histogram)
                WriteHistogram(output, name, text, series);
            else
                output.Write($"{name}{Braced(text)} {Number(series.Value)}\n");
        }
    }

    private static void WriteHistogram(TextWriter output, string name, string labels, Series series)
    {
        var (sum, buckets) = series.Distribution();
        var comma = labels.Length == 0 ? "" : ",";
        foreach (var (upTo, count) in buckets)
            output.Write($"{name}_bucket{{{labels}{comma}le=\"{Number(upTo)}\"}} {Number(count)}\n");
        output.Write($"{name}_sum{Braced(labels)} {Number(sum)}\n");
        output.Write($"{name}_count{Braced(labels)} {Number(buckets[^1].Count)}\n");
    }

    private static string Labels(KeyValuePair<string, object?>[] labels)
    {
        var text = new StringBuilder();
        foreach (var (key, value) in labels)
        {
            var shown = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
            text.Append(text.Length == 0 ? "" : ",").Append(Legal(key).Replace(':', '_')).Append("=\"")
                .Append(shown.Replace("\\", @"\\").Replace("\"", "\\\"").Replace("\n", @"\n")).Append('"');
        }

        return text.ToString();
    }

    private static string Braced(string labels) => labels.Length == 0 ? "" : $"{{{labels}}}";

    private static string Number(double value) => double.IsPositiveInfinity(value) ? "+Inf" : value.ToString("R", CultureInfo.InvariantCulture);

    private static string TypeOf(MetricKind kind) => kind switch
    {
        MetricKind.Counter => "counter",
        MetricKind.Histogram => "histogram",
        _ => "gauge",
    };

    private static string Legal(string name) =>
        string.Concat(name.Select((c, i) => char.IsAsciiLetter(c) || c is '_' or ':' || (i > 0 && char.IsAsciiDigit(c)) ? c : '_'));
}
