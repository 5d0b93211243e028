using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;

namespace Garam.Faults.Brokers;

/// <summary>A broker in a process of its own: this program, started with <c>broker</c>.</summary>
internal sealed class BrokerProcess : IAsyncDisposable
{
    private const int Kill = 9, Term = 15, Cont = 18, Stop = 19;

    private readonly Process _process;

    private BrokerProcess(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>Starts the process; it need not be ready, or become it.</summary>
    /// <param name="folder">Keeps the data, in <c>data</c>, and the log, <c>broker.log</c>.</param>
    /// <param name="advertised">HOST:PORT that clients are told; empty: its own.</param>
    /// <param name="settings">Broker settings, NAME=VALUE.</param>
    /// <param name="environment">More variables for the process.</param>
    public static BrokerProcess Launch(string folder, string advertised, IEnumerable<string> settings, IReadOnlyDictionary<string, string>? environment = null)
    {
        string[] arguments = [typeof(BrokerProcess).Assembly.Location, BrokerCommand.Name, Path.Combine(folder, "data"), "127.0.0.1:0", advertised, Path.Combine(folder, "broker.log"), .. settings];
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DOTNET_TieredPGO"] = "0"; // a process that lives for a second has no use for it
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, line) => Complain(folder, line.Data);
        process.BeginErrorReadLine();
        return new BrokerProcess(process);
    }

    /// <summary>The address that it serves, when it serves.</summary>
    /// <exception cref="BrokerEndedException">It ended instead.</exception>
    public async Task<IPEndPoint> WhenReadyAsync(CancellationToken cancellationToken)
    {
        var line = await _process.StandardOutput.ReadLineAsync(cancellationToken);
        return line is null ? throw new BrokerEndedException("The broker ended instead of serving; broker.log and stderr.log say why.") : IPEndPoint.Parse(line);
    }

    /// <summary>SIGKILL: no part of the process gets another instruction. What it wrote stays in the page cache.</summary>
    public Task KillAsync(CancellationToken cancellationToken) => EndAsync(Kill, cancellationToken);

    /// <summary>SIGTERM: it stops in order.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => EndAsync(Term, cancellationToken);

    /// <summary>SIGSTOP: it stands still with all of its connections open.</summary>
    public void Freeze() => Signal(Stop);

    public void Thaw() => Signal(Cont);

    public ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
        return default;
    }

    private async Task EndAsync(int signal, CancellationToken cancellationToken)
    {
        Signal(signal);
        await _process.WaitForExitAsync(cancellationToken);
    }

    private void Signal(int signal)
    {
        if (_process.HasExited)
        {
            throw new BrokerEndedException($"The broker ended by itself, with {_process.ExitCode}; broker.log and stderr.log say why.");
        }

        _ = SendSignal(_process.Id, signal);
    }

    private static void Complain(string folder, string? line)
    {
        if (line is not null)
        {
            File.AppendAllText(Path.Combine(folder, "stderr.log"), line + Environment.NewLine);
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int SendSignal(int process, int signal);
}

/// <summary>The broker's process is not there any more, and nobody had ended it.</summary>
internal sealed class BrokerEndedException(string message) : Exception(message);
