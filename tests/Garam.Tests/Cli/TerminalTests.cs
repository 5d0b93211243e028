namespace Garam.Tests.Cli;

/// <summary>Behind a terminal of <c>script</c>: width, colour, questions, and names that mean harm.</summary>
public sealed class TerminalTests(Broker broker) : IClassFixture<Broker>
{
    private const string Long = "a-topic-with-a-name-that-goes-on-and-on-and-on-and-on-until-no-terminal-of-sixty-cells-can-hold-it";

    [Fact]
    public async Task A_terminal_has_a_width_and_a_pipe_has_none()
    {
        using var bash = new BashRun(broker.Address);
        (await bash.RunAsync($"garam topic create {Long}")).ShouldExitWith(0);
        var lines = (await OnTerminalAsync(bash, "garam topic list", ("COLUMNS", "60"), ("NO_COLOR", "1"))).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.ShouldAllBe(line => line.Length <= 60);
        lines.ShouldContain(line => line.Contains('…'));
        var piped = await bash.RunAsync("garam topic list", ("COLUMNS", "60"));
        piped.Out.ShouldContain(Long);
        piped.Out.ShouldNotContain('\e');
    }

    [Fact]
    public async Task Colour_is_for_terminals_and_for_who_wants_it()
    {
        using var bash = new BashRun(broker.Address);
        (await OnTerminalAsync(bash, "garam topic list", ("TERM", "xterm"))).ShouldContain("\e[1m");
        (await OnTerminalAsync(bash, "garam topic list", ("TERM", "xterm"), ("NO_COLOR", "1"))).ShouldNotContain('\e');
        (await OnTerminalAsync(bash, "garam topic list", ("TERM", "dumb"))).ShouldNotContain('\e');
    }

    [Fact]
    public async Task What_others_wrote_does_not_drive_the_terminal_and_is_exact_for_programs()
    {
        using var bash = new BashRun(broker.Address);
        var name = "evil\e]0;title\a\u202egroup\n";
        await File.WriteAllTextAsync(Path.Combine(bash.Folder, "name"), name, TestContext.Current.CancellationToken);
        (await bash.RunAsync("garam topic create harm && printf '\\e[2J\\u202e\\n' | garam produce harm && garam consume harm -g \"$(cat name; printf .)\" -n 1 >/dev/null")).ShouldExitWith(0);

        foreach (var command in (string[])["garam group", "garam group lag", "garam consume harm --exit", "garam message show harm 0 0"])
            (await OnTerminalAsync(bash, command, ("NO_COLOR", "1"))).ShouldNotContain(letter => letter == '\e' || letter == '\u202e' || letter == '\a', command);
        System.Text.Json.JsonDocument.Parse((await bash.RunAsync("garam group list -o json")).Out).RootElement[0].GetProperty("name").GetString().ShouldBe($"{name}.");
        (await bash.RunAsync("garam consume harm --exit -f %s")).Out.ShouldBe("\e[2J\u202e");
    }

    [Fact]
    public async Task A_person_is_asked_and_a_no_changes_nothing()
    {
        using var bash = new BashRun(broker.Address);
        (await bash.RunAsync("garam topic create kept")).ShouldExitWith(0);
        (await OnTerminalAsync(bash, "echo n | script -qec 'garam topic delete kept' /dev/null; true")).ShouldContain("[y/N]");
        (await bash.RunAsync("garam topic describe kept")).ShouldExitWith(0);
        (await OnTerminalAsync(bash, "echo y | script -qec 'garam topic delete kept' /dev/null; true")).ShouldContain("kept: deleted");
        (await bash.RunAsync("garam topic describe kept")).ShouldExitWith(3);
    }

    private static async Task<string> OnTerminalAsync(BashRun bash, string command, params (string, string)[] variables)
    {
        Assert.SkipWhen(BashRun.Find("script") is null, "script is absent: apt-get install bsdutils");
        var said = (await bash.RunInAsync("script", ["-qec", command, "/dev/null"], variables)).Out;

        // The runtime's own greeting to any terminal (keypad mode) is not ours.
        return said.Replace("\e[?1h\e=", "", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal);
    }
}
