using System.Diagnostics;
using System.Globalization;
using System.Text;
using Garam.CommandLine;

namespace Garam.Tests.Cli;

/// <summary>
/// Commands as a person pastes them into bash, with <c>garam</c> run in this process: bash takes the line apart and makes the input, and no program has to start.
/// What depends on the process itself (signals, the environment, terminals) needs <see cref="BashRun"/>.
/// </summary>
internal sealed class PastedCommand(string bootstrapServers)
{
    // How many words there are, the words, each ended by NUL, and what the command would read.
    private const string Recorder = """garam() { printf '%s\0' "$#" "$@"; cat; }; """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async Task<GaramCli.Result> RunAsync(string command)
    {
        var (words, input) = await ReadAsync(command);
        if (!words.Contains("-b"))
            words.InsertRange(words.IndexOf("--") is >= 0 and var end ? end : words.Count, ["-b", bootstrapServers]);
        using var output = new Kept();
        using var messages = new StringWriter();
        var streams = new CommandStreams { Input = new MemoryStream(input), Output = () => output, Messages = messages };
        var code = await streams.RunAsync(() => GaramCommand.RunAsync([.. words]));
        return new GaramCli.Result(code, Encoding.UTF8.GetString(output.ToArray()), messages.ToString());
    }

    private static async Task<(List<string> Words, byte[] Input)> ReadAsync(string command)
    {
        var start = new ProcessStartInfo("bash", ["-c", Recorder + command]) { RedirectStandardInput = true, RedirectStandardOutput = true, Environment = { ["LC_ALL"] = "C.UTF-8" } };
        using var bash = Process.Start(start)!;
        bash.StandardInput.Close();
        using var said = new MemoryStream();
        await bash.StandardOutput.BaseStream.CopyToAsync(said, Ct);
        await bash.WaitForExitAsync(Ct);
        bash.ExitCode.ShouldBe(0, command);
        var rest = said.ToArray();
        var words = new List<string>();
        for (var left = int.Parse(Word(ref rest), CultureInfo.InvariantCulture); left > 0; left--)
            words.Add(Word(ref rest));
        return (words, rest);
    }

    private static string Word(ref byte[] bytes)
    {
        var end = Array.IndexOf(bytes, (byte)0);
        var word = Encoding.UTF8.GetString(bytes, 0, end);
        bytes = bytes[(end + 1)..];
        return word;
    }

    private sealed class Kept : MemoryStream
    {
        protected override void Dispose(bool disposing)
        {
        }
    }
}
