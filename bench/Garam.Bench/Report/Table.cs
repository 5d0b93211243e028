using System.Globalization;
using Garam.Bench.Servers;
using Garam.Bench.Work;

namespace Garam.Bench.Report;

/// <summary>One line of the table: a figure of every server, and what is expected of it.</summary>
/// <param name="Title">As the reader sees it.</param>
/// <param name="Row">Of the measurements.</param>
/// <param name="Figure">Of one measurement; null where it has none.</param>
/// <param name="Format">Of the figure.</param>
/// <param name="Goal">The largest ratio to Kafka (or the smallest, where more is better).</param>
/// <param name="MoreIsBetter">For throughput.</param>
internal sealed record Line(string Title, string Row, Func<Measurement, double?> Figure, string Format, double? Goal, bool MoreIsBetter = false);

/// <summary>
/// Medians of the rounds with their smallest and largest value. Ratios are taken within each round, between neighbours in time, and their
/// median is shown: the machine's mood falls out.
/// </summary>
internal sealed class Table(IReadOnlyList<Measurement> measured)
{
    private static readonly (string Row, string Title, double Goal)[] Bulk =
        [("produce-1k", "produce 1 KB, acks=all", 0.2), ("consume-1k", "consume 1 KB", 0.57), ("produce-100b", "produce 100 B", 0.37), ("consume-100b", "consume 100 B", 0.95)];

    private static IEnumerable<Line> Lines()
    {
        foreach (var (row, title, goal) in Bulk) yield return new Line($"{title}: CPU s/GB", row, CpuPerGigabyte, "0.00", goal);
        foreach (var (row, title, _) in Bulk) yield return new Line($"{title}: MB/s", row, Megabytes, "0", 1, MoreIsBetter: true);
        yield return new Line("100 B, one a request, 2,000/s: CPU µs", "paced", CpuMicroseconds, "0.0", 0.43);
        yield return new Line("the same: p50 µs", "paced", one => one.P50, "0", null);
        yield return new Line("the same: p99 µs", "paced", one => one.P99, "0", 0.5);
        yield return new Line("start until metadata is served: ms", Starts.Row, one => one.WallSeconds * 1e3, "0", 1.0 / 19);
        yield return new Line("the first start in a process: ms", Starts.FirstRow, one => one.WallSeconds * 1e3, "0", null);
        yield return new Line("resident, idle: MB", Starts.IdleRow, Resident, "0", 1.0 / 8);
        yield return new Line("resident, under these loads: MB", "resident-loaded", Resident, "0", 1.0 / 4);
        foreach (var verb in new[] { "produce", "consume" })
        {
            foreach (var partitions in new[] { 1, 100, 1_000, 10_000 })
                yield return new Line($"{verb} 4 KB batches, {partitions:#,0} partition{(partitions == 1 ? "" : "s")}: CPU µs a batch", $"{verb}-p{partitions}", CpuPerBatch, "0.0", null);
        }
    }

    public string ToMarkdown()
    {
        var text = new System.Text.StringBuilder();
        text.AppendLine("| work | Apache Kafka | `garam broker` | embedded | floor | garam / Kafka | goal | embedded / garam |");
        text.AppendLine("|---|---|---|---|---|---|---|---|");
        foreach (var line in Lines())
        {
            if (!measured.Any(one => one.Row == line.Row)) continue;
            text.Append(CultureInfo.InvariantCulture, $"| {line.Title} | {Cell(line, ServerKind.Kafka)} | {Cell(line, ServerKind.Garam)} | {Cell(line, ServerKind.Embedded)} | {Cell(line, ServerKind.Floor)} ");
            text.AppendLine(CultureInfo.InvariantCulture, $"| {Judged(line)} | {Goal(line)} | {Ratio(line, ServerKind.Embedded, ServerKind.Garam)?.ToString("0.00", CultureInfo.InvariantCulture)} |");
        }
        return text.ToString();
    }

    private static double? CpuPerGigabyte(Measurement one) => one.CpuSeconds / one.Bytes * 1e9;

    private static double? Megabytes(Measurement one) => one.Bytes / one.WallSeconds / 1e6;

    private static double? CpuMicroseconds(Measurement one) => one.CpuSeconds / one.Records * 1e6;

    private static double? CpuPerBatch(Measurement one) => one.CpuSeconds / one.Records * SpreadWorkload.RecordsPerBatch * 1e6;

    private static double? Resident(Measurement one) => one.ResidentBytes / 1e6;

    private string Cell(Line line, string server)
    {
        var all = Figures(line, server).Values.Order().ToArray();
        return all.Length == 0 ? "" : $"{Show(Median(all))} <small>{Show(all[0])}–{Show(all[^1])}</small>";
        string Show(double value) => value.ToString(line.Format, CultureInfo.InvariantCulture);
    }

    private string Judged(Line line)
    {
        if (Ratio(line, ServerKind.Garam, ServerKind.Kafka) is not { } ratio) return "";
        var text = ratio.ToString(ratio < 0.1 ? "0.000" : "0.00", CultureInfo.InvariantCulture);
        if (line.Goal is not { } goal) return text;
        return (line.MoreIsBetter ? ratio >= goal : ratio <= goal) ? text : $"**{text}**";
    }

    private static string Goal(Line line) =>
        line.Goal is { } goal ? (line.MoreIsBetter ? "≥ " : "≤ ") + goal.ToString(goal < 0.1 ? "0.000" : "0.##", CultureInfo.InvariantCulture) : "";

    private double? Ratio(Line line, string of, string to)
    {
        var (left, right) = (Figures(line, of), Figures(line, to));
        var ratios = left.Keys.Where(right.ContainsKey).Select(round => left[round] / right[round]).Order().ToArray();
        return ratios.Length == 0 ? null : Median(ratios);
    }

    private Dictionary<int, double> Figures(Line line, string server) => measured
        .Where(one => one.Row == line.Row && one.Server == server && line.Figure(one) is not null)
        .GroupBy(one => one.Round)
        .ToDictionary(round => round.Key, round => round.Max(one => line.Figure(one)!.Value));

    private static double Median(double[] sorted) =>
        sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
}
