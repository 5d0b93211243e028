using System.Globalization;
using Garam.Bench.Load;
using Garam.Bench.Work;

namespace Garam.Bench;

/// <summary>What one run measures.</summary>
internal sealed class Plan
{
    private Plan() { }

    public int Rounds { get; private set; } = 5;

    /// <summary>Rounds before them that are thrown away: a JIT compiler, ours or Java's, needs them.</summary>
    public int WarmUps { get; private set; } = 2;

    /// <summary>Servers on processor 0 and the load on processor 1, so that neither takes time from the other.</summary>
    public bool Pins { get; private set; } = true;

    public bool IsQuick { get; private set; }

    /// <summary>Names of servers; empty for all.</summary>
    public IReadOnlyCollection<string> Servers { get; private set; } = [];

    private IReadOnlyCollection<string> Rows { get; set; } = [];

    /// <exception cref="ArgumentException">The arguments are not as they should be; the message says how they are.</exception>
    public static Plan Parse(ReadOnlySpan<string> arguments)
    {
        var plan = new Plan();
        for (var at = 0; at < arguments.Length; at++)
        {
            switch (arguments[at])
            {
                case "--quick": (plan.IsQuick, plan.Rounds, plan.WarmUps) = (true, 2, 1); break;
                case "--no-pin": plan.Pins = false; break;
                case "--rounds" when at + 1 < arguments.Length: plan.Rounds = int.Parse(arguments[++at], CultureInfo.InvariantCulture); break;
                case "--warm-ups" when at + 1 < arguments.Length: plan.WarmUps = int.Parse(arguments[++at], CultureInfo.InvariantCulture); break;
                case "--rows" when at + 1 < arguments.Length: plan.Rows = arguments[++at].Split(','); break;
                case "--servers" when at + 1 < arguments.Length: plan.Servers = arguments[++at].Split(','); break;
                default: throw new ArgumentException($"'{arguments[at]}' is not known, or lacks its value.");
            }
        }
        return plan;
    }

    /// <summary>Whether a row was asked for: <c>--rows 1k,paced</c> takes every row whose name contains one of these.</summary>
    public bool Wants(string row) => Rows.Count == 0 || Rows.Any(row.Contains);

    /// <summary>What all servers do at first.</summary>
    public IReadOnlyList<Workload> Loads() => Wanted(
        new BulkWorkload("1k", new BatchShape(RecordBytes: 1024, RecordsPerBatch: 100), IsQuick ? 1_500 : 5_000),
        new BulkWorkload("100b", new BatchShape(RecordBytes: 100, RecordsPerBatch: 1_000), IsQuick ? 1_500 : 5_000),
        new PacedWorkload(TimeSpan.FromSeconds(IsQuick ? 2 : 3)));

    /// <summary>What they do afterwards: it leaves them larger than they were, so their memory under load has been read before.</summary>
    public IReadOnlyList<Workload> Spreads() => Wanted([.. new[] { 1, 100, 1_000, 10_000 }.Select(partitions => new SpreadWorkload(partitions, requests: 10_000))]);

    private Workload[] Wanted(params Workload[] all) => [.. all.Where(load => load.Rows.Any(Wants))];
}
