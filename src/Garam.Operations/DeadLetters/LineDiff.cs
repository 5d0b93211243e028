namespace Garam.Operations.DeadLetters;

/// <summary>Which lines two texts share: their longest common subsequence.</summary>
internal static class LineDiff
{
    // The table has a cell for each pair of lines that differ: 4 million are 16 MB and some milliseconds.
    private const long MaxCells = 4_000_000;

    public static IReadOnlyList<(LineChange Change, string Text)> Of(string before, string after)
    {
        var (old, now) = (before.Split('\n'), after.Split('\n'));
        var (head, tail) = Shared(old, now);
        var lines = new List<(LineChange, string)>();
        lines.AddRange(old[..head].Select(line => (LineChange.Same, line)));
        Between(old[head..^tail], now[head..^tail], lines);
        lines.AddRange(old[^tail..].Select(line => (LineChange.Same, line)));
        return lines;
    }

    /// <summary>How many lines are the same at the beginning, and at the end: nearly all of a large document of which one field was corrected.</summary>
    private static (int Head, int Tail) Shared(string[] old, string[] now)
    {
        var shorter = Math.Min(old.Length, now.Length);
        var head = 0;
        while (head < shorter && old[head] == now[head])
            head++;
        var tail = 0;
        while (tail < shorter - head && old[^(tail + 1)] == now[^(tail + 1)])
            tail++;
        return (head, tail);
    }

    private static void Between(string[] old, string[] now, List<(LineChange, string)> lines)
    {
        var longest = (long)(old.Length + 1) * (now.Length + 1) <= MaxCells ? Longest(old, now) : null;
        var (left, right) = (0, 0);
        while (longest is not null && left < old.Length && right < now.Length)
        {
            if (old[left] == now[right])
            {
                lines.Add((LineChange.Same, old[left]));
                (left, right) = (left + 1, right + 1);
            }
            else if (longest[left + 1, right] >= longest[left, right + 1])
                lines.Add((LineChange.Removed, old[left++]));
            else
                lines.Add((LineChange.Added, now[right++]));
        }

        lines.AddRange(old[left..].Select(line => (LineChange.Removed, line)));
        lines.AddRange(now[right..].Select(line => (LineChange.Added, line)));
    }

    /// <summary>For each pair of places, how many lines the rests after them can share.</summary>
    private static int[,] Longest(string[] old, string[] now)
    {
        var longest = new int[old.Length + 1, now.Length + 1];
        for (var left = old.Length - 1; left >= 0; left--)
        {
            for (var right = now.Length - 1; right >= 0; right--)
                longest[left, right] = old[left] == now[right] ? longest[left + 1, right + 1] + 1 : Math.Max(longest[left + 1, right], longest[left, right + 1]);
        }

        return longest;
    }
}
