namespace Garam.Conformance.Brokers;

/// <summary>
/// The broker that foreign clients talk to. Every suite runs against ours and, where there is one, against Apache Kafka: the expectations
/// are the same, so that a test which Apache Kafka fails is a wrong test.
/// </summary>
public abstract class TestedBroker : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private Task<string>? _start;

    /// <summary>Where the broker listens. The first call starts it; where there is none, the test is skipped.</summary>
    public Task<string> BootstrapServersAsync()
    {
        lock (_lock)
        {
            return _start ??= StartAsync();
        }
    }

    public abstract ValueTask DisposeAsync();

    protected abstract Task<string> StartAsync();
}
