using System.Text.RegularExpressions;

namespace Garam.Tests.Cli;

/// <summary>What the commands say, word by word: <c>docs/cli.md</c> shows the same files.</summary>
public sealed partial class TranscriptTests
{
    private static readonly string Folder = Pages.Path("tests", "Garam.Tests", "Cli", "Transcripts");

    [Theory]
    [InlineData("topics.txt")]
    [InlineData("records.txt")]
    public async Task Commands_say_what_the_transcript_says(string file)
    {
        await using var broker = await Garam.Broker.KafkaBroker.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var bash = new BashRun(broker.BootstrapServers);
        await new Transcript(Path.Combine(Folder, file)).PlayAsync(bash);
    }

    [Fact]
    public void The_page_shows_these_transcripts()
    {
        var page = Pages.Path("docs", "cli.md");
        var text = File.ReadAllText(page);
        var current = Block().Replace(text, block => $"<!-- transcript: {block.Groups[1].Value} -->\n```console\n{Transcript.ForPage(Pages.Path(block.Groups[1].Value.Split('/')))}\n```");
        if (Pages.AreUpdated)
            File.WriteAllText(page, current);
        else
            current.ShouldBe(text, "run this test with GARAM_UPDATE_PAGES=1");
        Block().Count(text).ShouldBeGreaterThan(0);
    }

    [Fact]
    public void The_page_shows_the_exit_codes()
    {
        var text = File.ReadAllText(Pages.Path("docs", "cli.md"));
        foreach (var (code, meaning) in Garam.CommandLine.ExitCode.Meanings)
            text.ShouldContain($"| {code} | {meaning} |");
    }

    [GeneratedRegex(@"<!-- transcript: (\S+) -->\n```console\n.*?\n```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
