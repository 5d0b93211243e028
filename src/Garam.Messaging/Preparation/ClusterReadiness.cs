using Garam.Background;
using Garam.Messaging.Failures;
using Garam.Messaging.Health;
using Garam.Messaging.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Garam.Messaging.Preparation;

/// <summary>
/// Runs every <see cref="IClusterPreparation"/> while the host already serves requests. A cluster that is away or slow is waited for: the log
/// and <see cref="MessagingHealth"/> say what for.
/// </summary>
public sealed class ClusterReadiness
{
    private static readonly Backoff RetryDelay = Backoff.Exponential(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5));

    private readonly TaskCompletionSource _prepared = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IReadOnlyList<IClusterPreparation> _preparations;
    private readonly MessagingOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private volatile string? _waitingFor;

    internal ClusterReadiness(IEnumerable<IClusterPreparation> preparations, MessagingOptions options, TimeProvider time, ILogger<ClusterReadiness> logger)
    {
        (_preparations, _options, _time, _logger) = ([.. preparations], options, time, logger);
        if (_preparations.Count == 0)
        {
            _prepared.SetResult();
        }
    }

    /// <summary>Completes when everything is prepared; fails with what cannot be retried.</summary>
    public Task Prepared => _prepared.Task;

    internal IEnumerable<MessagingProblem> Problems() =>
        _waitingFor is { } reason ? [new MessagingProblem(ProblemSeverity.Unhealthy, "startup", reason)] : [];

    internal async Task PrepareAsync(IHostApplicationLifetime host, CancellationToken stopping)
    {
        try
        {
            foreach (var preparation in _preparations)
            {
                await PrepareAsync(preparation, stopping).ConfigureAwait(false);
            }

            _waitingFor = null;
            _prepared.TrySetResult();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            _prepared.TrySetCanceled(stopping);
        }
        catch (Exception exception)
        {
            Log.PreparationFailed(_logger, exception);
            _prepared.TrySetException(exception);
            host.StopApplication();
        }
    }

    private async Task PrepareAsync(IClusterPreparation preparation, CancellationToken stopping)
    {
        _waitingFor = $"Preparing the {preparation.Name}.";
        for (var attempt = 1; await TryPrepareAsync(preparation, stopping).ConfigureAwait(false) is { } failure; attempt++)
        {
            var reason = $"Waiting for Kafka at {_options.BootstrapServers} to prepare the {preparation.Name}: {ExceptionText.Message(failure)}";
            if (reason != _waitingFor)
            {
                Log.PreparationWaits(_logger, reason);
                _waitingFor = reason;
            }

            await Task.Delay(RetryDelay.After(attempt), _time, stopping).ConfigureAwait(false);
        }
    }

    private static async Task<Exception?> TryPrepareAsync(IClusterPreparation preparation, CancellationToken stopping)
    {
        try
        {
            await preparation.PrepareAsync(stopping).ConfigureAwait(false);
            return null;
        }
        catch (Exception exception) when (exception is ITransient { IsTransient: true })
        {
            return exception;
        }
    }
}
