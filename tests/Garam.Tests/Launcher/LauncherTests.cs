using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Garam.Tests.Launcher;

/// <summary>The launcher on its own, with a stand-in for the SDK that notes what it is asked.</summary>
public sealed class LauncherTests : IDisposable
{
    private readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("garam launcher ");          // a space, on purpose

    public LauncherTests()
    {
        Write("repository/src/Garam/Program.cs", "");
        foreach (var file in (string[])["Directory.Build.props", "Directory.Packages.props", "global.json"])
            Write($"repository/{file}", "");
        Write("repository/garam", File.ReadAllText(Path.Combine(Root(), "garam")), executable: true);
        Write("bin/dotnet", $"""
            #!/bin/sh
            echo "$*" >>"{PathOf("asked")}"
            echo "$NUGET_CERT_REVOCATION_MODE" >"{PathOf("revocation")}"
            case $1 in
                --version) echo 10.0.100 ;;
                publish) while [ "$1" != -o ]; do shift; done; mkdir -p "$2" && echo program >"$2/garam.dll"; echo '  Garam -> somewhere' ;;
                *.dll) shift; echo "program: $*" ;;
            esac
            """, executable: true);
    }

    public void Dispose() => _home.Delete(recursive: true);

    [Fact]
    public async Task It_builds_once_and_hands_all_arguments_to_the_program()
    {
        (await LaunchAsync("topic", "list", "-f", "a  b")).ShouldBe((0, "program: topic list -f a  b\n"));
        (await LaunchAsync("--help")).ShouldBe((0, "program: --help\n"));
        Builds().ShouldBe(1);
    }

    [Fact]
    public async Task It_builds_again_when_a_source_is_newer_and_when_one_is_gone()
    {
        await LaunchAsync();
        Touch("repository/src/Garam/Program.cs");
        await LaunchAsync();
        Builds().ShouldBe(2);

        Write("repository/src/Garam/Other.cs", "");
        await LaunchAsync();
        Builds().ShouldBe(3);
        File.Delete(PathOf("repository/src/Garam/Other.cs"));
        await LaunchAsync();
        Builds().ShouldBe(4);
    }

    [Fact]
    public async Task Completion_is_answered_by_the_last_good_build_and_never_waits_for_another()
    {
        await LaunchAsync();
        Touch("repository/src/Garam/Program.cs");
        (await LaunchAsync("__complete", "garam to")).ShouldBe((0, "program: __complete garam to\n"));
        Builds().ShouldBe(1);
        await LaunchAsync("topic");
        Builds().ShouldBe(2);
    }

    [Fact]
    public async Task Restoring_packages_does_not_wait_for_lists_of_revoked_certificates()
    {
        await LaunchAsync();
        (await File.ReadAllTextAsync(PathOf("revocation"), TestContext.Current.CancellationToken)).ShouldBe("offline\n");
    }

    [Fact]
    public async Task Starts_at_the_same_time_build_once()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => LaunchAsync($"{i}")));
        results.ShouldBe(Enumerable.Range(0, 4).Select(i => (0, $"program: {i}\n")));
        Builds().ShouldBe(1);
    }

    [Fact]
    public async Task Without_the_sdk_it_says_the_command_that_brings_it()
    {
        File.Delete(PathOf("bin/dotnet"));
        var (code, output) = await LaunchOnPathAsync(PathOf("bin"), "up");
        code.ShouldBe(1);
        output.ShouldContain("dotnet-install.sh");
    }

    private Task<(int Code, string Output)> LaunchAsync(params string[] arguments) => LaunchOnPathAsync($"{PathOf("bin")}:/usr/bin:/bin", arguments);

    private async Task<(int Code, string Output)> LaunchOnPathAsync(string path, params string[] arguments)
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        start.ArgumentList.Add(PathOf("repository/garam"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment.Clear();
        start.Environment["PATH"] = path;
        start.Environment["HOME"] = _home.FullName;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, process.ExitCode == 0 ? output : output + await error);
    }

    private int Builds() => File.ReadLines(PathOf("asked")).Count(line => line.StartsWith("publish ", StringComparison.Ordinal));

    private void Touch(string path) => File.SetLastWriteTimeUtc(PathOf(path), DateTime.UtcNow);

    private string PathOf(string relative) => Path.Combine(_home.FullName, relative);

    private void Write(string relative, string text, bool executable = false)
    {
        var path = PathOf(relative);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        if (executable && !OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static string Root([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../.."));
}
