using System.Diagnostics;
using Confluent.Kafka;
using Garam.Background;
using Garam.Operations.Messages;
using Garam.Operations.Topics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Garam.Operations.Connections;

/// <summary>
/// Which Kafka the operations talk to, and the clients for it. Works on any cluster, not only on our broker. Safe from any thread; one
/// connection serves a whole program.
/// </summary>
/// <param name="bootstrapServers">Brokers to connect to first: <c>HOST:PORT,...</c>.</param>
/// <param name="properties">Client properties in librdkafka's names; they win over ours.</param>
/// <param name="logger">Where failures of background work and the client's own messages are logged. Default: nowhere.</param>
public sealed class KafkaConnection(string bootstrapServers, IReadOnlyDictionary<string, string>? properties = null, ILogger? logger = null) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    // A broker that makes a hundred topics on a slow disk may take longer than a person waits for a list.
    private const int AnswerTimeoutMs = 30_000;

    /// <summary>An answer this young is not asked for again.</summary>
    private static readonly TimeSpan Recent = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private volatile Error? _trouble;
    private FirstAnswer? _first;
    private IAdminClient? _admin;
    private RecordTimes? _times;
    private MarkerProbe? _markers;

    /// <summary>Where the client's own messages are logged.</summary>
    internal ILogger Logger { get; } = logger ?? NullLogger.Instance;

    /// <summary>Brokers to connect to first.</summary>
    public string BootstrapServers { get; } = bootstrapServers;

    /// <summary>Whether Kafka's internal topics may be written, cleared, configured and deleted through this connection. Default: false.</summary>
    public bool AllowInternal { get; init; }

    /// <summary>What the operations do beside their callers: what fails there is logged, and is among its problems.</summary>
    public BackgroundWork Background { get; } = new(logger ?? NullLogger.Instance);

    /// <summary>The client for administration, opened on first use and shared.</summary>
    public IAdminClient Admin
    {
        get
        {
            lock (_lock)
                return _admin ??= Build();
        }
    }

    /// <summary>Times of records by place, read once for all who ask.</summary>
    internal RecordTimes Times
    {
        get
        {
            lock (_lock)
                return _times ??= new RecordTimes(this);
        }
    }

    /// <summary>How the brokers are spoken to; null: in plaintext.</summary>
    internal string? SecurityProtocol => (properties ?? new Dictionary<string, string>()).GetValueOrDefault("security.protocol") is { Length: > 0 } protocol
        && !protocol.Equals("plaintext", StringComparison.OrdinalIgnoreCase) ? protocol : null;

    /// <summary>Which topics have transactions, found out once for all who ask.</summary>
    internal MarkerProbe Markers
    {
        get
        {
            lock (_lock)
                return _markers ??= new MarkerProbe(this, TimeProvider.System);
        }
    }

    /// <summary>Gives a client configuration the address and the properties.</summary>
    public T Configure<T>(T config) where T : ClientConfig
    {
        config.BootstrapServers = BootstrapServers;
        config.ClientId ??= "garam";
        foreach (var (name, value) in properties ?? new Dictionary<string, string>())
            config.Set(name, value);
        return config;
    }

    /// <summary>Asks the cluster something, and gives what the client throws in our own words.</summary>
    /// <exception cref="OperationException">The broker refused, or none answered.</exception>
    internal async Task<T> AskAsync<T>(Func<IAdminClient, Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await ask(Admin).WaitAsync(cancellationToken);
        }
        catch (KafkaException exception)
        {
            throw OperationException.Of(exception);
        }
    }

    /// <summary>Has the cluster do something, and gives what the client throws in our own words.</summary>
    /// <exception cref="OperationException">The broker refused, or none answered.</exception>
    internal Task DoAsync(Func<IAdminClient, Task> work, CancellationToken cancellationToken) => AskAsync(
        async admin =>
        {
            await work(admin);
            return true;
        },
        cancellationToken);

    /// <summary>All topics and brokers. The client has no other way to ask for them than one that blocks.</summary>
    /// <exception cref="OperationException">No broker answered.</exception>
    internal Task<Metadata> MetadataAsync(CancellationToken cancellationToken) => Interlocked.Exchange(ref _first, null) is { } first && first.At.Elapsed < Recent
        ? Task.FromResult(first.Metadata)
        : BlockingAsync(admin => admin.GetMetadata(Patience), cancellationToken);

    /// <summary>Asks by a call that blocks, on a thread of the pool.</summary>
    /// <exception cref="OperationException">The broker refused, or none answered.</exception>
    internal Task<T> BlockingAsync<T>(Func<IAdminClient, T> ask, CancellationToken cancellationToken) =>
        AskAsync(admin => BlockingWork.RunAsync(Background, "asking the cluster", () => ask(admin)), cancellationToken);

    /// <summary>Returns when a broker has answered.</summary>
    /// <param name="advice">What the user can do where nobody answers.</param>
    /// <exception cref="OperationException">No broker answers.</exception>
    // Asked in short turns: the client itself goes on trying for a minute where nobody listens.
    public void EnsureReachable(string advice)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                _first = new FirstAnswer(Admin.GetMetadata(TimeSpan.FromMilliseconds(300)), Stopwatch.StartNew());
                return;
            }
            catch (KafkaException exception) when (exception.Error.Code is ErrorCode.Local_Transport or ErrorCode.Local_TimedOut)
            {
                if (_trouble is { Code: ErrorCode.Local_AllBrokersDown or ErrorCode.Local_Resolve } || waited.Elapsed > Patience)
                    throw new OperationException(FailureKind.Unreachable, $"no broker answers at {BootstrapServers}. {advice}", exception);
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _times?.Dispose();
            _admin?.Dispose();
        }
    }

    /// <summary>What the broker answered when it was found to be reachable: a command that only lists needs no second request.</summary>
    private sealed record FirstAnswer(Metadata Metadata, Stopwatch At);

    private IAdminClient Build() => new AdminClientBuilder(Configure(new AdminClientConfig { SocketTimeoutMs = AnswerTimeoutMs }))
        .SetLogHandler((_, message) => ClientLog.Write(Logger, message))
        .SetErrorHandler((_, error) => _trouble = error)
        .Build();
}
