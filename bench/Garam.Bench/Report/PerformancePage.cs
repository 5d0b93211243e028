namespace Garam.Bench.Report;

/// <summary>The page that shows the results: what stands between two marks is written by the run.</summary>
internal static class PerformancePage
{
    private const string Begin = "<!-- results: written by bench/run -->", End = "<!-- /results -->";

    public static string Render(string resultPath)
    {
        var (machine, measured) = ResultFile.Read(resultPath);
        var pinned = machine.Pins ? "server and load each on a processor of its own" : "nothing pinned";
        return $"""
            {machine.Time}, {machine.Processor}, {machine.Processors} processors, {machine.System}, {machine.Runtime}; {machine.Rounds} rounds after
            {machine.WarmUps} that were thrown away, {pinned}. Raw numbers: `bench/results/{Path.GetFileName(resultPath)}`.
            Each cell is the median with the smallest and largest round; ratios are medians of the ratios within each round. A ratio in bold misses its goal.

            {new Table(measured).ToMarkdown()}
            """;
    }

    public static void Update(string page, string resultPath)
    {
        var text = File.ReadAllText(page);
        var (begin, end) = (text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, text.IndexOf(End, StringComparison.Ordinal));
        Check.That(begin >= Begin.Length && end > begin, $"{page} has no place for results: {Begin} ... {End}");
        File.WriteAllText(page, $"{text[..begin]}\n{Render(resultPath)}{text[end..]}");
    }
}
