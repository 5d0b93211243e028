namespace Garam.Broker;

/// <summary>
/// A Kafka-compatible broker inside the calling process: one node, durable, for any Kafka client.
/// <code>
/// await using var broker = await KafkaBroker.StartAsync();
/// var producer = new ProducerBuilder&lt;string, string&gt;(new ProducerConfig { BootstrapServers = broker.BootstrapServers }).Build();
/// </code>
/// It reads no environment variables and shares no state: a process may run several, each on its own directory.
/// </summary>
public sealed class KafkaBroker : IAsyncDisposable
{
    /// <summary>Starts a broker; when the task completes it serves clients.</summary>
    /// <exception cref="ArgumentException">An option is wrong; the message lists every one of them with the fix.</exception>
    /// <exception cref="IOException">The port is taken, or the data directory is unwritable or used by another process.</exception>
    public static Task<KafkaBroker> StartAsync(KafkaBrokerOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <summary>What a client of this machine passes as <c>bootstrap.servers</c>, for example <c>127.0.0.1:9092</c>.</summary>
    public string BootstrapServers { get; } = "";

    /// <summary>Stops accepting, answers what is parked, closes the logs cleanly. A temporary data directory is removed.</summary>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
