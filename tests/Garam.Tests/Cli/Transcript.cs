using System.Text;
using System.Text.RegularExpressions;

namespace Garam.Tests.Cli;

/// <summary>
/// A session of commands and what they say, in a file:
/// <code>
/// # a remark
/// $ garam topic describe orders        a command, for bash
/// topic orders: 1 partition            what it says on stdout
/// ! garam: ...                         and on stderr
/// [3]                                  and its exit code, where that is not 0
/// #? garam group lag g --max 0         before the next command, this is asked until it succeeds; pages do not show it
/// </code>
/// Times, ages, the sizes of events, ids of clusters and the spaces around ages do not count.
/// </summary>
internal sealed partial class Transcript(string file)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public async Task PlayAsync(BashRun bash, params (string Name, string Value)[] variables)
    {
        var expected = await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken);
        var said = new List<string>();
        for (var at = 0; at < expected.Length; at++)
        {
            if (expected[at].StartsWith("$ ", StringComparison.Ordinal))
            {
                var wanted = expected.Skip(at + 1).TakeWhile(line => !IsScript(line)).ToList();
                var result = await bash.RunAsync(expected[at][2..], variables);
                said.Add(expected[at]);
                said.AddRange(Merge(wanted, Lines(result)));
                at += wanted.Count;
                continue;
            }

            said.Add(expected[at]);
            if (expected[at].StartsWith("#? ", StringComparison.Ordinal))
                await UntilAsync(bash, expected[at][3..], variables);
        }

        if (Pages.AreUpdated)
            await File.WriteAllLinesAsync(file, said, TestContext.Current.CancellationToken);
        else
            string.Join('\n', said).ShouldBe(string.Join('\n', expected), $"{file}: to accept what the commands say now, run this test with GARAM_UPDATE_PAGES=1, and read the difference");
    }

    /// <summary>As a page shows it: a terminal does not tell stdout from stderr.</summary>
    public static string ForPage(string file) => string.Join('\n', File.ReadAllLines(file)
        .Where(line => !line.StartsWith("#?", StringComparison.Ordinal))
        .Select(line => line.StartsWith("! ", StringComparison.Ordinal) ? line[2..] : line)).Trim();

    private static bool IsScript(string line) => line.Length == 0 || line.StartsWith("$ ", StringComparison.Ordinal) || line.StartsWith('#');

    private static IEnumerable<string> Lines(GaramCli.Result result)
    {
        foreach (var line in result.Out.Split('\n').SkipLast(1).Concat(result.Out.EndsWith('\n') ? [] : [result.Out.Split('\n')[^1]]).Where(line => line.Length > 0))
            yield return line;
        foreach (var line in result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            yield return $"! {line}";
        if (result.ExitCode != 0)
            yield return $"[{result.ExitCode}]";
    }

    // A line that says the same is kept as it was written: a page does not change with every run.
    private static IEnumerable<string> Merge(List<string> wanted, IEnumerable<string> lines) =>
        lines.Select((line, index) => index < wanted.Count && Essence(wanted[index]) == Essence(line) ? wanted[index] : line);

    private static string Essence(string line) =>
        ClusterId().Replace(Age().Replace(EventBytes().Replace(Time().Replace(line, "TIME"), "$1 BYTES$2"), " AGE "), "ID").Trim();

    private static async Task UntilAsync(BashRun bash, string condition, (string Name, string Value)[] variables)
    {
        var deadline = TimeProvider.System.GetUtcNow() + Patience;
        var last = new StringBuilder();
        do
        {
            var result = await bash.RunAsync(condition, variables);
            if (result.ExitCode == 0)
                return;
            last.Clear().Append(result.Out).Append(result.Error);
        }
        while (TimeProvider.System.GetUtcNow() < deadline);

        Assert.Fail($"{condition} did not come true: {last}");
    }

    [GeneratedRegex(@"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)?")]
    private static partial Regex Time();

    // A post's event holds its time, which is shorter in JSON when its fraction ends with zeros.
    [GeneratedRegex(@"(post\.original +\d+) +\d+( +TIME)")]
    private static partial Regex EventBytes();

    [GeneratedRegex(@" *\b(\d+ms|\d+m \d+s|\d+s)\b *")]
    private static partial Regex Age();

    [GeneratedRegex(@"(?<=cluster )[A-Za-z0-9_-]{22}")]
    private static partial Regex ClusterId();
}
