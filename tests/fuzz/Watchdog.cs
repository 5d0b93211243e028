namespace Garam.Fuzz;

/// <summary>Ends the process when an input hangs: a thread that is lost cannot be asked to stop, but it can be told which input it was.</summary>
internal sealed class Watchdog : IDisposable
{
    private const int HungExitCode = 3;

    private readonly Timer _timer;
    private readonly Lock _lock = new();
    private long _begun = -1;
    private TimeSpan _patience;
    private (FuzzPlace? Where, ReadOnlyMemory<byte> Input) _current;

    public Watchdog() => _timer = new Timer(_ => Look(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

    public void Begin(FuzzPlace where, ReadOnlyMemory<byte> input, TimeSpan patience)
    {
        lock (_lock) (_current, _patience, _begun) = ((where, input), patience, TimeProvider.System.GetTimestamp());
    }

    public void End()
    {
        lock (_lock) _begun = -1;
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        lock (_lock)
        {
            if (_begun < 0 || TimeProvider.System.GetElapsedTime(_begun) < _patience) return;
            Console.Error.WriteLine($"{_current.Where} hangs for {_patience.TotalSeconds} s: {Convert.ToHexString(_current.Input.Span)}");
            Environment.Exit(HungExitCode);
        }
    }
}
