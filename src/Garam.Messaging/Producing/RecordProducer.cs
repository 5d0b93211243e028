using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Confluent.Kafka;
using Garam.Background;
using Garam.Messaging.Telemetry;
using Microsoft.Extensions.Logging;

namespace Garam.Messaging.Producing;

/// <summary>
/// Hands records to the client in the order of the calls, within a bound of unacknowledged bytes; what does not fit waits in a queue.
/// <code>
///   ProduceAsync ──► [waiting] ──► client (unacknowledged, bounded) ──► report ──► caller
///                        ▲                                                │
///                        └───────────────── room again ◄──────────────────┘
/// </code>
/// The bound is counted here and not left to the client's "queue full": the client frees a record only after its report has
/// been served, so that the last report would find the queue still full, and nobody would ever be called again.
/// </summary>
internal sealed class RecordProducer : IRecordProducer, IDisposable
{
    private const int MaxUnacknowledgedRecords = 100_000;
    private const string Listeners = "Listeners to metrics and traces of the producer";

    private readonly Lock _gate = new();
    private readonly LinkedList<Delivery> _waiting = [];
    private readonly HashSet<Delivery> _unacknowledged = [];
    private readonly ConcurrentBag<Delivery> _pool = [];
    private readonly MessagingOptions _options;
    private readonly MessagingTelemetry _telemetry;
    private readonly BackgroundWork _work;
    private readonly ILogger _logger;
    private readonly ClientLog _log;
    private readonly Func<MessagingOptions, ProducerConfig> _configure;
    private IProducer<byte[]?, byte[]?>? _client;
    private Error? _fatal;
    private long _unacknowledgedBytes;
    private bool _disposed;

    /// <param name="options">Bounds, and how the client is configured.</param>
    /// <param name="telemetry">Counts.</param>
    /// <param name="background">Runs what must not block callers.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Hears of trouble.</param>
    /// <param name="configure">From the options to the client's properties. Default: <see cref="ClientConfiguration.ForProducer"/>.</param>
    public RecordProducer(
        MessagingOptions options,
        MessagingTelemetry telemetry,
        MessagingBackground background,
        TimeProvider time,
        ILogger<RecordProducer> logger,
        Func<MessagingOptions, ProducerConfig>? configure = null)
    {
        (_options, _telemetry, _work, _logger) = (options, telemetry, background.Work, background.Guard(logger));
        _log = new ClientLog(_logger, time);
        _configure = configure ?? ClientConfiguration.ForProducer;
    }

    public ValueTask<RecordPosition> ProduceAsync(ProducerRecord record, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<RecordPosition>(cancellationToken);
        }

        var value = record.ValueBy(_options.Json);
        if (!_pool.TryTake(out var delivery))
        {
            delivery = new Delivery(Report, _pool.Add, exception => _work.Failed(Listeners, exception));
        }

        delivery.Begin(record, value, cancellationToken);
        var answer = delivery.Task;
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_waiting.Count > 0 || !HasRoomFor(delivery) || !TryHandOver(delivery))
            {
                _waiting.AddLast(delivery);
                delivery.WatchCancellation(StopWaiting);
            }
        }

        return answer;
    }

    /// <summary>Waits until everything that was handed over is acknowledged, <paramref name="timeout"/> is over or the caller gives up.</summary>
    public void Flush(TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(timeout);
        try
        {
            _client?.Flush(patience.Token);
        }
        catch (OperationCanceledException)
        {
            Log.ProducerNotFlushed(_logger, Unacknowledged, timeout);
        }
    }

    private int Unacknowledged
    {
        get
        {
            lock (_gate)
            {
                return _unacknowledged.Count + _waiting.Count;
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
        }

        _client?.Dispose();

        // The client reports nothing any more: whoever still waits must not wait for ever.
        foreach (var delivery in _unacknowledged.Concat(_waiting))
        {
            delivery.Fail(Failure(delivery, new Error(ErrorCode.Local_Destroy, "the producer was closed")));
        }
    }

    private void HandOverWaiting()
    {
        while (_waiting.First is { Value: var next } && HasRoomFor(next) && TryHandOver(next))
        {
            _waiting.RemoveFirst();
        }
    }

    // The token is looked at again: the delivery may have gone meanwhile, and come back for another caller.
    private void StopWaiting(Delivery delivery)
    {
        lock (_gate)
        {
            if (!delivery.Cancellation.IsCancellationRequested || !_waiting.Remove(delivery))
            {
                return;
            }
        }

        delivery.Fail(new OperationCanceledException(delivery.Cancellation));
    }

    // A record larger than the whole bound goes alone: otherwise it would wait for ever.
    private bool HasRoomFor(Delivery delivery) => _unacknowledged.Count == 0
        || (_unacknowledged.Count < MaxUnacknowledgedRecords && _unacknowledgedBytes + delivery.Size <= _options.MaxUnacknowledgedBytes);

    private bool TryHandOver(Delivery delivery)
    {
        try
        {
            Client().Produce(delivery.Target(), delivery.ToMessage(), delivery.OnReport);
            delivery.IgnoreCancellation();
            _unacknowledged.Add(delivery);
            _unacknowledgedBytes += delivery.Size;
        }
        catch (ProduceException<byte[]?, byte[]?> exception) when (exception.Error.Code == ErrorCode.Local_QueueFull)
        {
            return false;
        }
        catch (KafkaException exception)
        {
            delivery.Fail(Failure(delivery, exception.Error));
        }
        catch (Exception exception)
        {
            // Whatever the client does not take is its caller's to know: thrown from here, it would end the client's thread, or keep all that wait behind it.
            delivery.Fail(exception);
        }

        return true;
    }

    private void Report(Delivery delivery, DeliveryReport<byte[]?, byte[]?> report)
    {
        lock (_gate)
        {
            _unacknowledged.Remove(delivery);
            _unacknowledgedBytes -= delivery.Size;
            HandOverWaiting();
        }

        if (report.Error.IsError)
        {
            Count(_telemetry.ProduceFailed, report.Topic);
            delivery.Fail(Failure(delivery, report.Error));
        }
        else
        {
            Count(_telemetry.Produced, report.Topic);
            delivery.Succeed(new RecordPosition(report.Topic, report.Partition.Value, report.Offset.Value));
        }
    }

    // Runs on the client's thread, which an exception of a listener would end, and the process with it.
    private void Count(Counter<long> counter, string topic)
    {
        try
        {
            counter.Add(1, new KeyValuePair<string, object?>("messaging.destination.name", topic));
        }
        catch (Exception exception)
        {
            _work.Failed(Listeners, exception);
        }
    }

    /// <summary>
    /// The client; after a fatal error (its sequence numbers and the broker's have parted) a new one. The records of the old one
    /// fail, and their callers know it: whether they were written cannot be told any more.
    /// </summary>
    private IProducer<byte[]?, byte[]?> Client()
    {
        if (_fatal is { } fatal)
        {
            Log.ProducerReplaced(_logger, fatal.Code.ToString(), fatal.Reason);
            var broken = _client;
            (_client, _fatal) = (null, null);
            _work.RunThread("Closing a producer that has failed", () => Close(broken, _options.DeliveryTimeout), OnFailure.Stop());
        }

        return _client ??= new ProducerBuilder<byte[]?, byte[]?>(_configure(_options))
            .SetKeySerializer(Serializers.ByteArray!)
            .SetValueSerializer(Serializers.ByteArray!)
            .SetErrorHandler((client, error) => OnError(client, error))
            .SetLogHandler((_, message) => _log.Message(message))
            .Build();
    }

    private static void Close(IProducer<byte[]?, byte[]?>? broken, TimeSpan timeout)
    {
        broken?.Flush(timeout);
        broken?.Dispose();
    }

    private void OnError(IProducer<byte[]?, byte[]?> client, Error error)
    {
        _log.Error(error);
        lock (_gate)
        {
            if (error.IsFatal && ReferenceEquals(client, _client))
            {
                _fatal = error;
            }
        }
    }

    private static ProduceFailedException Failure(Delivery delivery, Error error) =>
        new(delivery.Record.Topic, error.Code.ToString(), error.Reason, ClientErrors.IsTransient(error));
}
