namespace Garam.Operations;

/// <summary>"Did you mean": names like one that is not known.</summary>
public static class Suggestion
{
    private const int MaxShown = 3;

    /// <summary><c>topic ordres does not exist. Did you mean orders?</c></summary>
    public static string Missing(string kind, string name, IEnumerable<string> known)
    {
        var similar = Like(name, known);
        return similar.Count == 0 ? $"{kind} {name} does not exist." : $"{kind} {name} does not exist. {Question(similar)}";
    }

    /// <summary>The sentence "Did you mean orders or order?", with a blank before it; empty where nothing is like the name.</summary>
    public static string For(string name, IEnumerable<string> known) => Like(name, known) is { Count: > 0 } similar ? $" {Question(similar)}" : "";

    /// <summary>The known names nearest to one that is not known: those that differ in case, begin with it, or need few letters changed.</summary>
    public static IReadOnlyList<string> Like(string name, IEnumerable<string> known)
    {
        var most = Math.Max(1, name.Length / 3);
        return [.. known.Where(other => other != name && Math.Abs(other.Length - name.Length) <= most || (name.Length >= 3 && other.StartsWith(name, StringComparison.OrdinalIgnoreCase)))
            .Select(other => (Name: other, Distance: other.StartsWith(name, StringComparison.OrdinalIgnoreCase) && name.Length >= 3 ? 1 : Distance(name, other)))
            .Where(other => other.Distance <= most).OrderBy(other => other.Distance).ThenBy(other => other.Name, StringComparer.Ordinal).Take(MaxShown).Select(other => other.Name)];
    }

    private static string Question(IReadOnlyList<string> similar) =>
        $"Did you mean {(similar.Count == 1 ? similar[0] : $"{string.Join(", ", similar.SkipLast(1))} or {similar[^1]}")}?";

    // Damerau's distance without regard to case: letters that are missing, added, changed, or exchanged with their neighbours.
    private static int Distance(string one, string other)
    {
        var rows = new int[one.Length + 1, other.Length + 1];
        for (var i = 0; i <= one.Length; i++)
        {
            for (var j = 0; j <= other.Length; j++)
                rows[i, j] = i == 0 ? j : j == 0 ? i : Cell(rows, one, other, i, j);
        }

        return rows[one.Length, other.Length];
    }

    private static int Cell(int[,] rows, string one, string other, int i, int j)
    {
        var same = IsSame(one[i - 1], other[j - 1]);
        var best = Math.Min(Math.Min(rows[i - 1, j] + 1, rows[i, j - 1] + 1), rows[i - 1, j - 1] + (same ? 0 : 1));
        return i > 1 && j > 1 && IsSame(one[i - 1], other[j - 2]) && IsSame(one[i - 2], other[j - 1]) ? Math.Min(best, rows[i - 2, j - 2] + 1) : best;
    }

    private static bool IsSame(char one, char other) => char.ToUpperInvariant(one) == char.ToUpperInvariant(other);
}
