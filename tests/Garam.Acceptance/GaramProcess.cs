using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Garam.Acceptance;

/// <summary>A <c>./garam</c> that serves (up, broker, console) in a process of its own, from its start to its end by SIGTERM or SIGKILL.</summary>
internal sealed partial class GaramProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _log = new();
    private readonly TaskCompletionSource<string> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private GaramProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => OnOutput(line.Data);
        process.ErrorDataReceived += (_, line) => Remember(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public Uri Http { get; private set; } = null!;

    public string Kafka { get; private set; } = "";

    /// <summary>All that the program said so far, for the message of a failing test.</summary>
    public string Log
    {
        get { lock (_log) return _log.ToString(); }
    }

    /// <summary>Starts the platform on its own broker.</summary>
    public static Task<GaramProcess> UpAsync(string data, CancellationToken ct) => StartAsync(data, ["--kafka", "127.0.0.1:0"], ct);

    /// <summary>Starts the platform on a Kafka cluster.</summary>
    public static Task<GaramProcess> UpOnAsync(string bootstrapServers, string data, CancellationToken ct) =>
        StartAsync(data, ["--bootstrap-servers", bootstrapServers], ct);

    /// <summary>Starts the broker alone.</summary>
    public static Task<GaramProcess> BrokerAsync(string listen, string data, CancellationToken ct) => StartAsync(["broker", "--kafka", listen, "--data", data], ct);

    /// <summary>Starts the console alone, on any Kafka.</summary>
    public static Task<GaramProcess> ConsoleAsync(string bootstrapServers, CancellationToken ct) =>
        StartAsync(["console", "-b", bootstrapServers, "--http", "127.0.0.1:0"], ct);

    /// <summary>Asks the program to stop and returns its exit code.</summary>
    public Task<int> StopAsync(CancellationToken ct) => EndAsync(PosixSignal.SIGTERM, ct);

    /// <summary>Ends the program between two instructions, as a crash does.</summary>
    public async Task KillAsync(CancellationToken ct)
    {
        _process.Kill();
        await _process.WaitForExitAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static Task<GaramProcess> StartAsync(string data, string[] kafka, CancellationToken ct) =>
        StartAsync(["up", .. kafka, "--http", "127.0.0.1:0", "--data", data], ct);

    private static async Task<GaramProcess> StartAsync(string[] arguments, CancellationToken ct)
    {
        var start = new ProcessStartInfo(Repository.Launcher) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath() };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        var garam = new GaramProcess(Process.Start(start)!);
        await garam.WaitUntilReadyAsync(ct);
        return garam;
    }

    private async Task<int> EndAsync(PosixSignal signal, CancellationToken ct)
    {
        _ = Kill(_process.Id, signal is PosixSignal.SIGTERM ? 15 : 2);
        await _process.WaitForExitAsync(ct);
        return _process.ExitCode;
    }

    private async Task WaitUntilReadyAsync(CancellationToken ct)
    {
        var ended = _process.WaitForExitAsync(ct);
        if (await Task.WhenAny(_ready.Task, ended) == ended)
            throw new InvalidOperationException($"garam ended with code {_process.ExitCode} before it was ready:\n{Log}");
        var line = await _ready.Task;
        if (HttpAddress().Match(line) is { Success: true } address)
            Http = new Uri(address.Value);
        Kafka = KafkaAddress().Match(line).Groups[1].Value;
    }

    private void OnOutput(string? line)
    {
        Remember(line);
        if (line?.Contains(" is ready: ", StringComparison.Ordinal) == true)
            _ready.TrySetResult(line);
    }

    private void Remember(string? line)
    {
        if (line is not null)
            lock (_log) _log.AppendLine(line);
    }

    [GeneratedRegex(@"http://[0-9.:]+")]
    private static partial Regex HttpAddress();

    [GeneratedRegex(@"(?<!http://)\b([0-9]+\.[0-9]+\.[0-9]+\.[0-9]+:[0-9]+)")]
    private static partial Regex KafkaAddress();

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
