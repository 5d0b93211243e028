using System.Runtime.InteropServices;

namespace Garam.CommandLine;

/// <summary>SIGINT and SIGTERM as a cancellation. The first asks for an orderly end; a second SIGINT ends the process at once.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly PosixSignalRegistration _terminate;

    public Interruption()
    {
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, On);
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, On);
    }

    public CancellationToken Token => _source.Token;

    /// <summary>128 + the number of the signal, as shells have it.</summary>
    public int ExitCode { get; private set; } = CommandLine.ExitCode.Interrupted;

    /// <summary>Completes when the signal comes: for programs that serve until then.</summary>
    public static async Task WaitAsync(CancellationToken ct)
    {
        var signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = ct.Register(() => signal.TrySetResult());
        await signal.Task;
    }

    public void Dispose()
    {
        _interrupt.Dispose();
        _terminate.Dispose();
        _source.Dispose();
    }

    private void On(PosixSignalContext signal)
    {
        // Not cancelled, the signal does what it does by default: it ends the process.
        signal.Cancel = !_source.IsCancellationRequested || signal.Signal is PosixSignal.SIGTERM;
        if (_source.IsCancellationRequested)
            return;
        ExitCode = signal.Signal is PosixSignal.SIGTERM ? CommandLine.ExitCode.Terminated : CommandLine.ExitCode.Interrupted;
        _source.Cancel();
    }
}
