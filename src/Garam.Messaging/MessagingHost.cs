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
    BrokerContact contact,
    TimeProvider time,
    ILogger<MessagingHost> logger) : IHostedLifecycleService
{
    // Long enough not to trouble what is in trouble, short enough that its recovery is noticed.
    private static readonly Backoff DependencyBackoff = Backoff.Exponential(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(10));

    private readonly List<GroupConsumer> _consumers = [];
    private readonly BackgroundWork _background = new(logger, time);
    private readonly CancellationTokenSource _stopping = new();
    private Task _starting = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        Log.LibraryLoaded(logger, Confluent.Kafka.Library.VersionString);
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
        health.Watch(() => _background.Problems.Select(problem => new MessagingProblem(ProblemSeverity.Degraded, null, problem.Message)));
        _ = _background.Run("Contact with Kafka", contact.WatchAsync, OnFailure.Restart(), _stopping.Token);
        health.Watch(() => _consumers.SelectMany(consumer => consumer.Problems()));
        states.Watch(() => _consumers.SelectMany(consumer => consumer.States()));
        new ConsumerGauges(_consumers).AddTo(telemetry);
        _starting = StartConsumersAsync();
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _starting.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_consumers.Select(consumer => consumer.StopAsync(cancellationToken))).ConfigureAwait(false);
        producer.Flush(options.DrainTimeout);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Never fails: what keeps the cluster from being prepared is kept in <see cref="ClusterReadiness.Prepared"/>.</summary>
    private async Task StartConsumersAsync()
    {
        await readiness.PrepareAsync(lifetime, _stopping.Token).ConfigureAwait(false);
        if (readiness.Prepared.IsCompletedSuccessfully && !_stopping.IsCancellationRequested)
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
            errors.Add($"{nameof(options.Configuration)}: {exception.Message}");
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
                processors[endpoint.Topic] = new RecordProcessor(endpoint, handler, PolicyOf(endpoint), deadLetters, telemetry, time, logger);
            }

            errors.AddRange(found.Select(error => Place(endpoint, error)));
        }

        _consumers.Add(new GroupConsumer(
            group.Name, processors, () => new ConfluentTransport(options, group.Name, new ClientLog(logger, time)), admin, deadLetters, options, time, logger));
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
