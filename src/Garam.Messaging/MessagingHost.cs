using Garam.Background;
using Garam.Messaging.Consuming;
using Garam.Messaging.Endpoints;
using Garam.Messaging.Failures;
using Garam.Messaging.Health;
using Garam.Messaging.Preparation;
using Garam.Messaging.Producing;
using Garam.Messaging.Telemetry;
using Garam.Messaging.Topics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Garam.Messaging;

/// <summary>
/// Messaging's part in the host's life: everything is checked when the host starts; consumers start when all of the host has (their
/// handlers may need it), and stop before the producer, which they may need.
/// </summary>
internal sealed class MessagingHost(
    MessagingOptions options,
    TopicGroups groups,
    HandlerBinder binder,
    RecordProducer producer,
    TopicAdmin admin,
    DeadLetters deadLetters,
    TransientFaults transientFaults,
    ClusterReadiness readiness,
    IHostApplicationLifetime lifetime,
    MessagingHealth health,
    EndpointStates states,
    MessagingTelemetry telemetry,
    MessagingBackground background,
    BrokerContact contact,
    TimeProvider time,
    ILogger<MessagingHost> unguardedLogger) : IHostedLifecycleService
{
    // Long enough not to trouble what is in trouble, short enough that its recovery is noticed.
    private static readonly Backoff DependencyBackoff = Backoff.Exponential(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(10));

    // What handlers have produced is acknowledged by now, or they have been told otherwise: this is for those who did not wait for it.
    private static readonly TimeSpan LongestFlush = TimeSpan.FromSeconds(5);

    private readonly List<GroupConsumer> _consumers = [];
    private bool _stopped;
    private readonly CancellationTokenSource _stopping = new();
    private Task _starting = Task.CompletedTask;
    private Task _watching = Task.CompletedTask;
    private readonly ILogger _logger = background.Guard(unguardedLogger);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        Log.LibraryLoaded(_logger, Confluent.Kafka.Library.VersionString);
        var errors = OptionsCheck.Errors(options).ToList();
        if (errors.Count == 0)
        {
            OpenClient(errors);
        }

        foreach (var group in groups.Seal())
        {
            Prepare(group, errors);
        }

        return errors.Count == 0 ? Task.CompletedTask : throw new MessagingConfigurationException(errors);
    }

    public async Task StartedAsync(CancellationToken cancellationToken)
    {
        await CheckServicesAsync().ConfigureAwait(false);
        health.Watch(readiness.Problems);
        health.Watch(contact.Problems);
        health.Watch(background.Problems);
        health.Watch(() => _consumers.SelectMany(consumer => consumer.Problems()));
        states.Watch(() => _consumers.SelectMany(consumer => consumer.States()));
        new ConsumerGauges(_consumers).AddTo(telemetry);
        _watching = background.Work.Run("Contact with Kafka", contact.WatchAsync, OnFailure.Restart(), _stopping.Token);
        _starting = background.Work.Run("Starting the consumers", StartConsumersAsync, OnFailure.Stop(), _stopping.Token);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // A host that is stopped and then disposed of asks twice.
        if (Interlocked.Exchange(ref _stopped, true))
        {
            return;
        }

        // Before anything is awaited: from this call on no handler begins.
        var consumers = Task.WhenAll(_consumers.Select(consumer => consumer.StopAsync(cancellationToken)));
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_starting, _watching).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await consumers.ConfigureAwait(false);
        producer.Flush(LongestFlush < options.DrainTimeout ? LongestFlush : options.DrainTimeout, cancellationToken);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Never fails: what keeps the cluster from being prepared is kept in <see cref="ClusterReadiness.Prepared"/>.</summary>
    private async Task StartConsumersAsync(CancellationToken stopping)
    {
        await readiness.PrepareAsync(lifetime, stopping).ConfigureAwait(false);
        if (readiness.Prepared.IsCompletedSuccessfully && !stopping.IsCancellationRequested)
        {
            _consumers.ForEach(consumer => consumer.Start());
        }
    }

    private void OpenClient(List<string> errors)
    {
        try
        {
            admin.Open();
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            errors.Add($"{nameof(options.Configuration)}: {ExceptionText.Message(exception)}");
        }
    }

    /// <summary>Not earlier: services may need what other parts of the host prepare at their start.</summary>
    private async Task CheckServicesAsync()
    {
        var errors = new List<string>();
        foreach (var endpoint in groups.Seal().SelectMany(group => group.Endpoints))
        {
            errors.AddRange((await binder.MissingServicesAsync(endpoint.Handler).ConfigureAwait(false)).Select(error => Place(endpoint, error)));
        }

        if (errors.Count > 0)
        {
            throw new MessagingConfigurationException(errors);
        }
    }

    private static string Place(TopicEndpoint endpoint, string error) => $"Topic '{endpoint.Topic}' in group '{endpoint.Group.Name}': {error}";

    private void Prepare(TopicGroup group, List<string> errors)
    {
        errors.AddRange(EndpointCheck.Errors(group).Select(error => $"Group '{group.Name}': {error}"));
        var processors = new Dictionary<string, RecordProcessor>(StringComparer.Ordinal);
        foreach (var endpoint in group.Endpoints)
        {
            var found = EndpointCheck.Errors(endpoint).ToList();
            if (binder.Bind(endpoint.Handler, found) is { } handler)
            {
                var observers = new EndpointObservers(endpoint, telemetry, background.Work);
                processors[endpoint.Topic] = new RecordProcessor(endpoint, handler, PolicyOf(endpoint), deadLetters, observers, time, _logger);
            }

            errors.AddRange(found.Select(error => Place(endpoint, error)));
        }

        _consumers.Add(new GroupConsumer(
            group.Name,
            processors,
            () => new ConfluentTransport(options, group.Name, new ClientLog(_logger, time)),
            admin,
            deadLetters,
            options,
            background.Work,
            time,
            _logger));
    }

    private FailurePolicy PolicyOf(TopicEndpoint endpoint) => new(
        endpoint.Retries,
        endpoint.RetryBackoff,
        DependencyBackoff,
        endpoint.HasDeadLetters,
        exception => transientFaults.IsTransient(exception, endpoint.Transients),
        endpoint.NeverRetried)
    {
        Random = Random.Shared.NextDouble,
    };
}
