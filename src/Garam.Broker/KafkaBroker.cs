using Garam.Broker.Apis;
using Garam.Broker.Configuration;
using Garam.Broker.Groups;
using Garam.Broker.Log;
using Garam.Broker.Network;
using Garam.Broker.Timers;
using Garam.Broker.Topics;

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
    // In the order of their start; stopped in the opposite one.
    private readonly Stack<IAsyncDisposable> _parts = new();
    private readonly BrokerProblems _problems;

    private KafkaBroker(KafkaBrokerOptions options) =>
        _problems = new BrokerProblems(options.LoggerFactory.CreateLogger("Garam.Broker"), options.TimeProvider);

    /// <summary>What a client of this machine passes as <c>bootstrap.servers</c>, for example <c>127.0.0.1:9092</c>.</summary>
    public string BootstrapServers { get; private set; } = "";

    /// <summary>
    /// What is wrong with the broker now: damaged or read-only partitions, shortages, failing background work. Empty: nothing is known to be wrong.
    /// </summary>
    public IReadOnlyList<BrokerProblem> Problems => _problems.All;

    /// <summary>What is served, for the compatibility page.</summary>
    internal ApiTable Apis { get; private set; } = new([]);

    /// <summary>Starts a broker; when the task completes it serves clients.</summary>
    /// <param name="options">Default: a free port of 127.0.0.1 and a temporary directory.</param>
    /// <param name="cancellationToken">Gives up the start.</param>
    /// <exception cref="ArgumentException">An option is wrong; the message lists every one of them with the fix.</exception>
    /// <exception cref="IOException">The port is taken, or the data directory is unwritable or used by another process.</exception>
    public static async Task<KafkaBroker> StartAsync(KafkaBrokerOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new KafkaBrokerOptions();
        var broker = new KafkaBroker(options);
        try
        {
            await broker.StartPartsAsync(options, cancellationToken).ConfigureAwait(false);
            return broker;
        }
        catch
        {
            await broker.StopPartsAsync().ConfigureAwait(false); // why it did not start matters more than what else fails now
            throw;
        }
    }

    /// <summary>
    /// Stops accepting, closes the connections and then the logs, cleanly. A temporary data directory is removed. What fails does not keep the rest
    /// from being stopped: the data directory is always free for another broker afterwards.
    /// </summary>
    /// <exception cref="AggregateException">Parts of the broker that could not be stopped cleanly. The next start recovers what they left.</exception>
    public async ValueTask DisposeAsync()
    {
        var failures = await StopPartsAsync().ConfigureAwait(false);
        if (failures.Count > 0) throw new AggregateException("The broker did not stop cleanly.", failures);
    }

    private async Task<List<Exception>> StopPartsAsync()
    {
        var failures = new List<Exception>();
        while (_parts.TryPop(out var part))
        {
            try
            {
                await part.DisposeAsync().ConfigureAwait(false);
            }
            catch (Exception failure)
            {
                failures.Add(failure);
            }
        }
        return failures;
    }

    private async Task StartPartsAsync(KafkaBrokerOptions options, CancellationToken cancellationToken)
    {
        var (listen, advertised, config) = Validate(options);
        var (time, loggers) = (options.TimeProvider, options.LoggerFactory);

        var directory = DataDirectory.Open(options.DataDirectory);
        _parts.Push(new Part(() => { directory.Dispose(); return default; }));
        var timers = new TimerQueue(time, _problems.Background);
        _parts.Push(new Part(() => { timers.Dispose(); return default; }));

        // The port is taken before the logs are read: a mistake shows at once, and clients that come early wait instead of failing.
        var node = new BrokerNode(config.Get(BrokerConfigs.NodeId), advertised);
        var endpoint = await ListenAddress.ResolveAsync(listen, cancellationToken).ConfigureAwait(false);
        var listener = Listener.Bind(endpoint, node, Network(config), timers, time, loggers.CreateLogger("Garam.Broker.Network"), _problems);
        _parts.Push(listener);

        var logServices = new LogServices(time, loggers.CreateLogger("Garam.Broker.Log"), new LogFlusher(background: _problems.Background), Disk.OfSystem) { Problems = _problems };
        var logs = LogManager.Open(directory.Path, Logs(config), logServices, cancellationToken);
        _parts.Push(logs);
        var topics = await TopicStore.OpenAsync(logs, config, time, loggers.CreateLogger("Garam.Broker.Topics")).ConfigureAwait(false);
        var services = new BrokerServices(config, logs, topics, timers, time, loggers);

        var groups = await GroupApis.StartCoordinatorAsync(services).ConfigureAwait(false);
        _parts.Push(new Part(() => { groups.Dispose(); return default; }));

        var autoCreation = new TopicAutoCreation(topics, _problems.Background, loggers.CreateLogger("Garam.Broker.Topics"));
        _parts.Push(autoCreation);
        Apis = BrokerApis.All(services, autoCreation, GroupApis.All(services, groups));
        logs.Start();
        listener.Start(new RequestDispatcher(Apis));
        // Clients go first, so that nothing below is taken away from under a request. Stopping it twice does no harm.
        _parts.Push(listener);

        BootstrapServers = ListenAddress.Reachable(listener.Endpoint).ToString();
    }

    private static (BrokerEndpoint Listen, BrokerEndpoint? Advertised, BrokerConfig Config) Validate(KafkaBrokerOptions options)
    {
        var problems = new List<string>();
        if (!ListenAddress.TryParse(options.Listen, out var listen))
            problems.Add($"{nameof(options.Listen)} = {options.Listen}: HOST:PORT is expected, for example 127.0.0.1:9092; an IPv6 address stands in brackets.");
        BrokerEndpoint advertised = default;
        if (options.Advertised is not null && (!ListenAddress.TryParse(options.Advertised, out advertised) || advertised.Port == 0))
            problems.Add($"{nameof(options.Advertised)} = {options.Advertised}: the HOST:PORT that clients connect to is expected.");
        var config = BrokerConfig.Read(options.Configuration, problems);
        if (problems.Count > 0) throw new ArgumentException(string.Join(Environment.NewLine, problems), nameof(options));
        return (listen, options.Advertised is null ? null : advertised, config);
    }

    private static NetworkOptions Network(BrokerConfig config) => new()
    {
        MaxRequestBytes = config.Get(BrokerConfigs.MaxRequestBytes),
        MaxConnections = config.Get(BrokerConfigs.MaxConnections),
        MaxIdle = TimeSpan.FromMilliseconds(config.Get(BrokerConfigs.MaxIdle)),
    };

    private static LogManagerOptions Logs(BrokerConfig config) => new()
    {
        RetentionCheckMs = config.Get(BrokerConfigs.RetentionCheckInterval),
        CompactionCheckMs = config.Get(BrokerConfigs.CleanerBackoff),
        CompactionMemoryBytes = config.Get(BrokerConfigs.CleanerMemory),
        CheckpointMs = config.Get(BrokerConfigs.CheckpointInterval),
        RecoveryThreads = config.Get(BrokerConfigs.RecoveryThreads) is > 0 and var threads ? threads : Environment.ProcessorCount,
    };

    /// <summary>Something that is stopped with the broker.</summary>
    private sealed class Part(Func<ValueTask> stop) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => stop();
    }
}
