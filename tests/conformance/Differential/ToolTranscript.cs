using System.Text.RegularExpressions;
using Garam.Conformance.Clients;

namespace Garam.Conformance.Differential;

/// <summary>
/// What Kafka's command-line tools said about one broker, with what has to differ masked: addresses, ids, folders, times, positions of the
/// quorum's log. Of a failure counts which error it was, not its words; lines are sorted, because tools print in the order of hash tables.
/// </summary>
internal sealed partial class ToolTranscript(string bootstrapServers)
{
    private readonly JavaTools _tools = new(bootstrapServers);
    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines => _lines;

    public async Task RunAsync(string tool, string arguments, string input = "")
    {
        var result = await _tools.TryAsync(tool, arguments, input);
        _lines.Add($"$ {tool} {arguments}");
        _lines.AddRange(result.ExitCode == 0 ? result.Lines.Where(IsAnswer).Select(Masked).Order(StringComparer.Ordinal) : []);
        _lines.AddRange(ErrorClass().Matches(result.Output + result.Errors).Select(match => match.Value).Distinct());
        _lines.Add($"ended with {result.ExitCode}");
    }

    private static bool IsAnswer(string line) => line.Trim() is { Length: > 0 } words && !words.StartsWith("at ", StringComparison.Ordinal) && !ErrorClass().IsMatch(words);

    private string Masked(string line) => Blanks().Replace(Changing().Replace(line.Replace(bootstrapServers, "HOST:PORT", StringComparison.Ordinal), "*"), " ").Trim();

    [GeneratedRegex(@"\w+Exception\b")]
    private static partial Regex ErrorClass();

    [GeneratedRegex("""
        (?<=TopicId:\s)\S+ | (?<="logDir":")[^"]+ | (?<="size":)\d+ | (?<="timestamp":)\d+ | (?<="avg_throughput":)[\d.E]+ | (?<=(ClusterId|LeaderEpoch|HighWatermark|CurrentVoters):\s+)\S.* |
        (?<=Cluster\sID:\s)\S+ | (?<=Epoch:\s)\d+
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.ExplicitCapture)]
    private static partial Regex Changing();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();
}
