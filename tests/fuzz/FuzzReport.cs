using System.Diagnostics;
using System.Text;

namespace Garam.Fuzz;

/// <summary>Where an input came up: enough to bring it back.</summary>
internal sealed record FuzzPlace(string Target, int Seed, int Epoch);

/// <summary>What was tried, what became of it, and what was found.</summary>
internal sealed class FuzzReport
{
    private static readonly string Folder = Path.Combine("artifacts", "fuzz");

    private readonly SortedDictionary<(string Target, string Outcome), long> _outcomes = [];
    private readonly SortedDictionary<string, long> _mostAllocated = [];
    private readonly HashSet<string> _seen = [];

    public long Inputs { get; private set; }

    public long PeakResident { get; private set; }

    public TimeSpan Elapsed { get; set; }

    public List<string> Findings { get; } = [];

    public void Count(string target, string outcome)
    {
        Inputs++;
        _outcomes[(target, outcome)] = _outcomes.GetValueOrDefault((target, outcome)) + 1;
    }

    public long CountOf(string target, string outcome) =>
        _outcomes.Where(entry => entry.Key.Target == target && entry.Key.Outcome.EndsWith(outcome, StringComparison.Ordinal)).Sum(entry => entry.Value);

    public long Allocated(string target, long bytes)
    {
        if (bytes > _mostAllocated.GetValueOrDefault(target)) _mostAllocated[target] = bytes;
        return bytes;
    }

    public long LookAtMemory()
    {
        using var process = Process.GetCurrentProcess();
        PeakResident = Math.Max(PeakResident, process.WorkingSet64);
        return process.WorkingSet64;
    }

    /// <summary>Keeps a finding once: the same exception from the same place is the same finding. False when it is known.</summary>
    public bool Add(FuzzPlace where, ReadOnlyMemory<byte> input, Exception exception)
    {
        Inputs++;
        var cause = exception is AggregateException { InnerException: { } inner } ? inner : exception;
        var line = cause.StackTrace?.Split('\n').FirstOrDefault(frame => frame.Contains("Garam.", StringComparison.Ordinal))?.Trim() ?? "";
        if (!_seen.Add(cause is BrokenPromiseException ? new string([.. cause.Message.Where(char.IsLetter)]) : $"{cause.GetType()} {line}")) return false;
        Directory.CreateDirectory(Folder);
        var file = Path.Combine(Folder, $"{where.Target}-{where.Seed}-{where.Epoch}-{Findings.Count}.hex");
        File.WriteAllText(file, Convert.ToHexString(input.Span));
        Findings.Add($"{where.Target}, seed {where.Seed}, epoch {where.Epoch}: {cause.GetType().Name}: {cause.Message}\n{cause.StackTrace}\n    input: {file}");
        return true;
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var target in _outcomes.GroupBy(entry => entry.Key.Target))
        {
            var total = target.Sum(entry => entry.Value);
            text.AppendLine($"{target.Key}: {total:n0} inputs, {_mostAllocated.GetValueOrDefault(target.Key):n0} bytes allocated at most by one");
            foreach (var ((_, outcome), count) in target) text.AppendLine($"    {outcome,-44} {count,12:n0}  {100.0 * count / total,6:n2} %");
        }
        text.AppendLine($"{Inputs:n0} inputs in {Elapsed.TotalSeconds:n0} s, {PeakResident >> 20} MB resident at most, {Findings.Count} findings");
        foreach (var finding in Findings) text.AppendLine().AppendLine(finding);
        return text.ToString();
    }
}
