using Garam.Faults.Checking;

namespace Garam.Faults.Runs;

/// <summary>How a run went.</summary>
internal sealed record RunResult
{
    public required Scenario Scenario { get; init; }

    public required IReadOnlyList<Anomaly> Anomalies { get; init; }

    /// <summary>Kills with something under way.</summary>
    public required int Kills { get; init; }

    public required int IdleKills { get; init; }

    /// <summary>What the kills cut short: sends, commits, changes of topics.</summary>
    public required (long Sends, long Commits, long Changes) CutShort { get; init; }

    /// <summary>How often each kind of fault struck.</summary>
    public required IReadOnlyDictionary<string, int> Faults { get; init; }

    public required long Acknowledged { get; init; }

    public required long Read { get; init; }

    public required long Committed { get; init; }

    /// <summary>Where everything is kept; null when the run was good and nothing is.</summary>
    public required string? Folder { get; init; }

    public override string ToString() =>
        $"{Scenario}; {Kills} kills in work ({CutShort.Sends} sends, {CutShort.Commits} commits, {CutShort.Changes} topic changes cut short), {IdleKills} idle; "
        + $"{string.Join(", ", Faults.OrderBy(fault => fault.Key, StringComparer.Ordinal).Select(fault => $"{fault.Value} {fault.Key}"))}; "
        + $"{Acknowledged} acknowledged, {Read} read, {Committed} commits"
        + (Anomalies.Count == 0 ? "; no anomaly" : $"{Environment.NewLine}{Findings()}");

    private string Findings()
    {
        const int shown = 5;
        var byName = Anomalies.GroupBy(anomaly => anomaly.Name).Select(same => $"  {same.Count()} {same.Key}:{string.Concat(same.Take(shown).Select(one => $"{Environment.NewLine}    {one.What}"))}");
        return $"{string.Join(Environment.NewLine, byName)}{Environment.NewLine}  kept in {Folder}; again with: tests/faults/run --seed {Scenario.Seed}";
    }
}
