using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Garam.Broker;

/// <summary>What a <see cref="KafkaBroker"/> needs to know before it starts. The defaults suit a test: a free port, a temporary directory.</summary>
public sealed record KafkaBrokerOptions
{
    /// <summary>
    /// Where to listen, as <c>HOST:PORT</c>; the host is an address, <c>localhost</c>, or <c>0.0.0.0</c>/<c>[::]</c> for every interface.
    /// Port 0 takes any free one. Default: <c>127.0.0.1:0</c>.
    /// </summary>
    public string Listen { get; init; } = "127.0.0.1:0";

    /// <summary>
    /// The <c>HOST:PORT</c> that clients are told to connect to, for brokers behind NAT or a port mapping.
    /// Default (null): the address that the client's own connection reached, which is always one that it can reach.
    /// </summary>
    public string? Advertised { get; init; }

    /// <summary>
    /// The directory that holds everything the broker remembers. It belongs to one process at a time.
    /// Default (null): a new temporary directory, removed when the broker is disposed.
    /// </summary>
    public string? DataDirectory { get; init; }

    /// <summary>
    /// Broker settings by their Kafka names (<c>num.partitions</c>, <c>auto.create.topics.enable</c>, <c>log.retention.ms</c>, ...).
    /// A name that the broker does not honour is refused at start. Default: empty, Kafka's own defaults, except that
    /// <c>group.initial.rebalance.delay.ms</c> is 0 and <c>offsets.topic.num.partitions</c> is 1.
    /// </summary>
    public IReadOnlyDictionary<string, string> Configuration { get; init; } = new Dictionary<string, string>();

    /// <summary>Where the broker logs. Default: nowhere.</summary>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>The clock of retention, timeouts, long polls and log append times. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
