using System.Text;
using System.Threading.Channels;
using Garam.Messaging.Failures;
using Garam.Messaging.Preparation;
using Garam.Messaging.Producing;
using Garam.Outbox.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Garam.Outbox;

/// <summary>
/// Takes messages from the outbox to their topics: at least once, in order per key.
/// <code>
/// outbox ──read──► window of rows ──lane per key──► producer ──ack──► remove (many in one transaction)
///    ▲ woken at commit                    └── failed: the lane waits and tries again, for as long as it lasts
/// </code>
/// A row is removed only after its acknowledgement, so that a crash at any point repeats messages and never loses one. Where the relay
/// stands needs no storing: what is still in the table, in id order, is what is left to do.
/// </summary>
/// <remarks>A stuck message holds its own key only, until the window is full of such; then everything waits, and health has said so.</remarks>
/// <param name="outbox">What is relayed.</param>
/// <param name="producer">Where to.</param>
/// <param name="health">Where trouble is reported.</param>
/// <param name="time">The clock of retries.</param>
/// <param name="logger">Where trouble is logged.</param>
/// <param name="readiness">Nothing is sent before the topics are prepared: a broker might create them with other settings. Null: at once.</param>
public sealed class OutboxRelay(
    SqliteOutbox outbox, IRecordProducer producer, OutboxHealth health, TimeProvider time, ILogger<OutboxRelay> logger, ClusterReadiness? readiness = null)
    : BackgroundService
{
    /// <summary>Rows that are read and not removed yet: bounds the memory, and what a crash repeats.</summary>
    private const int Window = 2_000;

    private const int ReadAhead = 500;

    /// <summary>How long a stopping relay waits for acknowledgements that are on their way.</summary>
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(5);

    private static readonly Backoff RetryDelay = Backoff.Exponential(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5));

    private readonly Channel<OutboxReceipt> _acknowledged = Channel.CreateUnbounded<OutboxReceipt>(new UnboundedChannelOptions { SingleReader = true });
    private readonly SemaphoreSlim _room = new(Window);
    private readonly OutboxLanes _lanes = new();

    public override void Dispose()
    {
        base.Dispose();
        _room.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The first read must not hold up the host's start.
        await Task.Yield();
        if (readiness is not null && !await IsPreparedAsync(readiness, stoppingToken))
            return;
        logger.RelayStarted();
        using var abort = new CancellationTokenSource();
        var removing = RemoveAcknowledgedAsync(abort.Token);
        try
        {
            await SendAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            abort.CancelAfter(DrainTimeout);
        }

        await DrainAsync(abort.Token);
        await abort.CancelAsync();
        await removing;
        logger.RelayStopped();
    }

    /// <summary>False when the host stops first.</summary>
    private static async Task<bool> IsPreparedAsync(ClusterReadiness readiness, CancellationToken stopping)
    {
        await readiness.Prepared.WaitAsync(stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return readiness.Prepared.IsCompletedSuccessfully && !stopping.IsCancellationRequested;
    }

    private async Task SendAsync(CancellationToken stopping)
    {
        long position = 0;
        while (true)
        {
            var rows = await RetryStoreAsync(() => Task.FromResult(outbox.ReadAfter(position, ReadAhead)), stopping);
            foreach (var row in rows)
            {
                await _room.WaitAsync(stopping);
                OutboxMetrics.InFlight.Add(1);
                if (_lanes.TryEnter(row))
                    _ = RunLaneAsync(row, stopping);
                position = row.Id;
            }

            if (rows.Count == 0)
                await outbox.WaitForRowsAsync(stopping);
        }
    }

    private async Task RunLaneAsync(OutboxRow first, CancellationToken stopping)
    {
        for (var row = first; row is not null; row = _lanes.Leave(row))
        {
            if (await DeliverAsync(row, stopping) is not { } position)
            {
                GiveUpLane(row);
                return;
            }

            var now = time.GetUtcNow();
            OutboxMetrics.Delay.Record((now - row.WrittenAt).TotalSeconds);
            _acknowledged.Writer.TryWrite(new OutboxReceipt(row.Id, row.Key, position, now));
        }
    }

    /// <summary>The relay stops: what is in the lane stays in the table, and nothing waits for it.</summary>
    private void GiveUpLane(OutboxRow row)
    {
        for (var left = row; left is not null; left = _lanes.Leave(left))
        {
            OutboxMetrics.InFlight.Add(-1);
            _room.Release();
        }
    }

    /// <summary>Where the record is; null when the relay stopped before it was acknowledged.</summary>
    private async Task<RecordPosition?> DeliverAsync(OutboxRow row, CancellationToken stopping)
    {
        var record = new ProducerRecord(row.Topic, Encoding.UTF8.GetBytes(row.Key), row.Value)
        {
            Headers = row.TraceParent is { } trace ? [RecordHeader.Text("traceparent", trace)] : [],
        };
        // Once the relay stops nothing more is sent: a row could overtake one of its key that failed a moment ago.
        for (var attempt = 1; !stopping.IsCancellationRequested; attempt++)
        {
            try
            {
                var position = await producer.ProduceAsync(record, stopping);
                if (health.Clear(row))
                    logger.DeliveryRecovered();
                return position;
            }
            // Whatever it was, the message is still in the outbox and must leave: there is nothing here that could be given up.
            catch (Exception error)
            {
                OutboxMetrics.Failures.Add(1);
                if (!stopping.IsCancellationRequested && health.Report(row, error))
                    logger.DeliveryFailed(row.Id, row.Topic, error);
            }

            // Returns early, without an exception, when the relay stops.
            await Task.Delay(RetryDelay.After(attempt), time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return null;
    }

    private async Task RemoveAcknowledgedAsync(CancellationToken abort)
    {
        var receipts = new List<OutboxReceipt>();
        try
        {
            while (await _acknowledged.Reader.WaitToReadAsync(abort))
            {
                receipts.Clear();
                while (_acknowledged.Reader.TryRead(out var receipt))
                    receipts.Add(receipt);
                await RetryStoreAsync(async () => { await outbox.RemoveAsync(receipts, abort); return true; }, abort);
                OutboxMetrics.InFlight.Add(-receipts.Count);
                _room.Release(receipts.Count);
            }
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            // Rows that were acknowledged and not removed are sent again at the next start: duplicates, in order.
        }
    }

    /// <summary>Waits until every row that was read is removed, or until the time is up.</summary>
    private async Task DrainAsync(CancellationToken abort)
    {
        try
        {
            for (var taken = 0; taken < Window; taken++)
                await _room.WaitAsync(abort);
        }
        catch (OperationCanceledException)
        {
            // What is left stays in the table.
        }
    }

    private async Task<T> RetryStoreAsync<T>(Func<Task<T>> action, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var result = await action();
                health.StoreTrouble(null);
                return result;
            }
            catch (SqliteException error)
            {
                var delay = RetryDelay.After(attempt);
                health.StoreTrouble($"The outbox cannot be read or pruned: {error.Message}");
                logger.StoreTrouble(delay, error);
                await Task.Delay(delay, time, cancellationToken);
            }
        }
    }
}
