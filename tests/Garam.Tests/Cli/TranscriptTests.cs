using System.Text.RegularExpressions;

namespace Garam.Tests.Cli;

/// <summary>What the commands say, word by word: <c>docs/cli.md</c> shows the same files.</summary>
public sealed partial class TranscriptTests
{
    private static readonly string Folder = Pages.Path("tests", "Garam.Tests", "Cli", "Transcripts");

    [Theory]
    [InlineData("topics.txt")]
    [InlineData("records.txt")]
    [InlineData("groups.txt")]
    public async Task Commands_say_what_the_transcript_says(string file)
    {
        await using var broker = await Garam.Broker.KafkaBroker.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var bash = new BashRun(broker.BootstrapServers);
        await new Transcript(Path.Combine(Folder, file)).PlayAsync(bash);
    }

    [Theory]
    [InlineData("newcomer.txt")]
    [InlineData("outbox.txt")]
    public async Task Commands_about_a_running_platform_say_what_the_transcript_says(string file)
    {
        var data = Directory.CreateTempSubdirectory("garam-transcript-");
        using var garam = GaramCli.Start("up", "--kafka", "127.0.0.1:0", "--http", "127.0.0.1:0", "--data", data.FullName);
        try
        {
            var ready = await garam.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
            using var bash = new BashRun(KafkaAddress().Match(ready!).Groups[1].Value);
            await new Transcript(Path.Combine(Folder, file)).PlayAsync(bash, ("GARAM_SERVER", HttpAddress().Match(ready!).Groups[1].Value));
        }
        finally
        {
            garam.Terminate();
            (await GaramCli.FinishAsync(garam)).ExitCode.ShouldBe(0);
            data.Delete(recursive: true);
        }
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

    [GeneratedRegex(@"kafka ([^,]+),")]
    private static partial Regex KafkaAddress();

    [GeneratedRegex(@"ready: ([^,]+),")]
    private static partial Regex HttpAddress();

    [GeneratedRegex(@"<!-- transcript: (\S+) -->\n```console\n(?:.*?\n)??```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
