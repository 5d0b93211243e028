using Garam.Background;

namespace Garam.Outbox.Sqlite;

/// <summary>
/// Notices that a command is asynchronous although its type does not say so (<c>async void</c>): the compiler's code for such a method announces
/// itself to the current context. What it does after its first <c>await</c> runs on the thread pool, where its failure cannot end the process.
/// </summary>
internal sealed class WriterContext(string store, BackgroundWork background) : SynchronizationContext
{
    private readonly string _work = $"Asynchronous work that a command of {store} has left behind";

    /// <summary>Whether something asynchronous began since the last call of this method. On the writer's thread.</summary>
    public bool TakeStarted()
    {
        var started = _started;
        _started = false;
        return started;
    }

    private bool _started;

    public override void OperationStarted() => _started = true;

    public override void Post(SendOrPostCallback d, object? state) => background.Queue(_work, () => d(state));

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    public override SynchronizationContext CreateCopy() => this;
}
