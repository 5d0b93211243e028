using Garam.Background;

namespace Garam.Outbox.Sqlite;

/// <summary>
/// Notices that a command is asynchronous although its type does not say so (<c>async void</c>): the compiler's code for such a method
/// announces
/// itself to the current context.
/// </summary>
internal sealed class WriterContext(string store, BackgroundWork background) : SynchronizationContext
{
    private readonly string _work = $"Asynchronous work of a command of {store}";
    private volatile bool _isAbandoned;

    /// <summary>Whether something asynchronous has begun. On the writer's thread.</summary>
    public bool HasStarted { get; private set; }

    /// <summary>What was begun never continues: it would write outside of a transaction, on a connection that has another user by
    /// then.</summary>
    public void Abandon() => _isAbandoned = true;

    public override void OperationStarted() => HasStarted = true;

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (!_isAbandoned)
            background.Queue(_work, () => d(state));
    }

    public override void Send(SendOrPostCallback d, object? state) => d(state);

    public override SynchronizationContext CreateCopy() => this;
}
