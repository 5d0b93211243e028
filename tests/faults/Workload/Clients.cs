using Confluent.Kafka;
using Garam.Faults.Histories;
using Garam.Faults.Runs;

namespace Garam.Faults.Workload;

/// <summary>What every client of a run is given.</summary>
/// <param name="Servers">Where the broker is, through the proxy.</param>
/// <param name="Scenario">How to work.</param>
/// <param name="History">Where to write down what happens.</param>
/// <param name="Progress">What the nemesis looks at.</param>
/// <param name="Stop">Ends the load.</param>
internal sealed record Clients(string Servers, Scenario Scenario, HistoryRecorder History, Progress Progress, CancellationToken Stop)
{
    private const int ReconnectMs = 20, ReconnectMaxMs = 200;

    /// <summary>A client that comes back soon after the broker does.</summary>
    public ProducerConfig ProducerConfig() => new()
    {
        BootstrapServers = Servers,
        ReconnectBackoffMs = ReconnectMs,
        ReconnectBackoffMaxMs = ReconnectMaxMs,
        RetryBackoffMs = ReconnectMs,
        SocketTimeoutMs = 10_000,
    };

    /// <inheritdoc cref="ProducerConfig"/>
    public ConsumerConfig ConsumerConfig(string group) => new()
    {
        BootstrapServers = Servers,
        GroupId = group,
        EnableAutoCommit = false,
        CheckCrcs = true,
        FetchWaitMaxMs = 100,
        ReconnectBackoffMs = ReconnectMs,
        ReconnectBackoffMaxMs = ReconnectMaxMs,
        SocketTimeoutMs = 10_000,
        AllowAutoCreateTopics = false,
    };

    public AdminClientConfig AdminConfig() => new()
    {
        BootstrapServers = Servers,
        ReconnectBackoffMs = ReconnectMs,
        ReconnectBackoffMaxMs = ReconnectMaxMs,
        SocketTimeoutMs = 10_000,
    };

    /// <summary>A moment in which others work; shorter when the load ends.</summary>
    public void Pause(int milliseconds) => Stop.WaitHandle.WaitOne(milliseconds);
}
