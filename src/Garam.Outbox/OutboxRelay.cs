using System.Text;
using System.Threading.Channels;
using Garam.Background;
using Garam.Messaging.Failures;
using Garam.Messaging.Preparation;
using Garam.Messaging.Producing;
using Garam.Outbox.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Garam.Outbox;

/// <summary>
/// Takes messages from the outbox to their topics: at least once, in order per key.
/// <code>
/// outbox ──read──► schedule ──lane per key──► producer ──ack──► remove (many in one transaction)
///    ▲ woken at commit              ├── failed: tried again for as long as it lasts; its key waits in the table
///                                   └── can never be delivered: set aside in the table, for an operator
/// </code>
/// A row is removed only after its acknowledgement, so that a crash at any point repeats messages and never loses one. Where the relay
/// is needs no storing: what is still in the table, in id order, is what is left to do.
/// </summary>
public sealed class OutboxRelay : BackgroundService
{
    private const int ReadAhead = 500;

    /// <summary>
    /// How often a record has to be refused for good before its row is set aside: brokers refuse a batch as a whole, so that a record may
    /// be
    /// refused for the size of others.
    /// </summary>
    private const int RefusalsBeforeSettingAside = 3;

    /// <summary>How long a stopping relay waits for acknowledgements that are on their way.</summary>
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromSeconds(5);

    private static readonly Backoff RetryDelay = Backoff.Exponential(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5));
    private static readonly OnFailure Restart = OnFailure.Restart(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(5));

    private readonly Channel<OutboxReceipt> _acknowledged = Channel.CreateUnbounded<OutboxReceipt>(new UnboundedChannelOptions { SingleReader = true });
    private readonly List<OutboxReceipt> _receipts = [];
    private readonly SqliteOutbox _outbox;
    private readonly IRecordProducer _producer;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly BackgroundWork _background;
    private readonly OutboxSchedule _schedule;
    private readonly OutboxStatus _status;
    private readonly ClusterReadiness? _readiness;
    private readonly string _name;

    /// <param name="outbox">What to send.</param>
    /// <param name="producer">Sends it.</param>
    /// <param name="health">Is told of what goes wrong; one serves all relays of a process.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where failures are logged.</param>
    /// <param name="readiness">Nothing is sent before the topics are prepared: a broker might create them with other settings. Null: at
    /// once.</param>
    public OutboxRelay(
        SqliteOutbox outbox, IRecordProducer producer, OutboxHealth health, TimeProvider time, ILogger<OutboxRelay> logger, ClusterReadiness? readiness = null)
    {
        (_outbox, _producer, _time, _logger, _readiness) = (outbox, producer, time, logger, readiness);
        _background = new BackgroundWork(logger, time);
        _schedule = new OutboxSchedule(time, outbox.Signal.Wake);
        _status = health.Add(outbox, _background, _schedule, time);
        _name = _status.Name;
    }

    /// <exception cref="InvalidOperationException">The store's outbox has another relay.</exception>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (!_outbox.Signal.TryClaim())
        {
            throw new InvalidOperationException(
                $"The outbox in '{_outbox.Store.Path}' has a relay already: two would send each message twice. Call AddOutboxRelay once for each store.");
        }

        return base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _status.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            if (_readiness is null || await IsPreparedAsync(_readiness, stoppingToken).ConfigureAwait(false))
                await RelayAsync(stoppingToken).ConfigureAwait(false);
        }
        finally
        {
            _outbox.Signal.Unclaim();
        }
    }

    private async Task RelayAsync(CancellationToken stoppingToken)
    {
        _logger.RelayStarted(_name);
        using var abort = new CancellationTokenSource();
        var removing = _background.Run($"Removal of sent messages from {_name}", RemoveAcknowledgedAsync, Restart, abort.Token);
        await _background.Run($"Relay of {_name}", SendAsync, Restart, stoppingToken).ConfigureAwait(false);
        abort.CancelAfter(DrainTimeout);
        await Task.WhenAny(_schedule.WhenEmptyAsync(), removing).ConfigureAwait(false);
        await abort.CancelAsync().ConfigureAwait(false);
        await removing.ConfigureAwait(false);
        _logger.RelayStopped(_name);
    }

    /// <summary>False when the host stops first.</summary>
    private static async Task<bool> IsPreparedAsync(ClusterReadiness readiness, CancellationToken stopping)
    {
        await readiness.Prepared.WaitAsync(stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return readiness.Prepared.IsCompletedSuccessfully && !stopping.IsCancellationRequested;
    }

    private async Task SendAsync(CancellationToken stopping)
    {
        foreach (var lane in _outbox.Undeliverable())
            _schedule.Block(lane);
        while (true)
        {
            while (_outbox.Signal.TryTakeChanged(out var changed))
                _schedule.Release(changed);
            if (!await SendNextAsync(stopping).ConfigureAwait(false))
                await _outbox.Signal.WaitAsync(stopping).ConfigureAwait(false);
        }
    }

    /// <summary>Reads some rows and starts those that may be sent. False when there was nothing to read.</summary>
    private async Task<bool> SendNextAsync(CancellationToken stopping)
    {
        var (position, epoch) = _schedule.BeginRead();
        IReadOnlyList<OutboxRow> rows = [];
        var end = position;
        await RepeatAsync($"Reading of {_name}", () => (rows, end) = _outbox.ReadAfter(position, ReadAhead), stopping).ConfigureAwait(false);
        foreach (var row in rows)
        {
            var admission = _schedule.Admit(row, epoch);
            for (; admission is Admission.Wait; admission = _schedule.Admit(row, epoch))
                await WaitForRoomAsync(stopping).ConfigureAwait(false);
            if (admission is Admission.Outdated)
                return true;
            if (admission is Admission.Start)
                _background.Observe($"A message of {_name}", RunLaneAsync(row, stopping));
        }

        _schedule.EndRead(epoch, end);
        return rows.Count > 0;
    }

    /// <summary>At most as long as a topic may be silent: then it is passed over.</summary>
    private async Task WaitForRoomAsync(CancellationToken stopping)
    {
        try
        {
            await _outbox.Signal.WaitAsync(stopping).AsTask().WaitAsync(OutboxTopic.Silence, _time, stopping).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The caller looks again.
        }
    }

    private async Task RunLaneAsync(OutboxRow first, CancellationToken stopping)
    {
        for (var row = first; row is not null;)
            row = await DeliverAsync(row, stopping).ConfigureAwait(false);
    }

    /// <summary>Sends a row, however often that must be tried. Answers the next one of its key.</summary>
    private async Task<OutboxRow?> DeliverAsync(OutboxRow row, CancellationToken stopping)
    {
        var (current, refusals) = (row, 0);
        // Once the relay stops nothing more is sent: a row could overtake one of its key that failed a moment ago.
        for (var attempt = 1; current is not null && !stopping.IsCancellationRequested; attempt++)
        {
            try
            {
                return Acknowledged(row, await _producer.ProduceAsync(RecordOf(current), stopping).ConfigureAwait(false));
            }
            // Whatever it was, the message is still in the outbox and is not given up.
            catch (Exception error) when (!stopping.IsCancellationRequested)
            {
                refusals += RefusalsIn(error);
                if (await FailedAsync(row, error, attempt, refusals, stopping).ConfigureAwait(false))
                    return null;
            }
            catch (Exception)
            {
                break;
            }

            // Returns early, without an exception, when the relay stops.
            await Task.Delay(RetryDelay.After(attempt), _time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            current = await FindAsync(row, stopping).ConfigureAwait(false);
        }

        _status.Clear(row);
        _schedule.Drop(row);
        return null;
    }

    private OutboxRow? Acknowledged(OutboxRow row, RecordPosition position)
    {
        if (_status.Clear(row))
            Note(() => _logger.DeliveryRecovered(_name));
        var now = _time.GetUtcNow();
        OutboxMetrics.Delay.Record((now - row.WrittenAt!.Value).TotalSeconds);
        var next = _schedule.Acknowledge(row);
        _acknowledged.Writer.TryWrite(new OutboxReceipt(row.Id, row.Key, position, now));
        return next;
    }

    /// <summary>True when the row was set aside.</summary>
    private async Task<bool> FailedAsync(OutboxRow row, Exception error, int attempt, int refusals, CancellationToken stopping)
    {
        _schedule.Retry(row);
        var isFirst = _status.Report(row, error);
        Note(() => OutboxMetrics.Failures.Add(1));
        if (isFirst)
            Note(() => _logger.DeliveryFailed(_name, row.Id, row.Topic, error));
        if (refusals < RefusalsBeforeSettingAside)
            return false;
        await RepeatAsync(
            $"Setting aside of messages in {_name}", () => _outbox.SetAsideAsync(row.Id, attempt, ExceptionText.Message(error), stopping), stopping).ConfigureAwait(false);
        if (stopping.IsCancellationRequested)
            return false;
        _schedule.SetAside(row);
        _status.Clear(row);
        Note(() => OutboxMetrics.SetAside.Add(1));
        Note(() => _logger.MessageSetAside(_name, row.Id, row.Topic, error));
        await RepeatAsync($"Reading of {_name}", () => NoticeDecision(row.Id), stopping).ConfigureAwait(false);
        return true;
    }

    /// <summary>An operator may have decided before the schedule knew that the row is set aside.</summary>
    private void NoticeDecision(long id)
    {
        if (!_outbox.IsUndeliverable(id))
            _outbox.Signal.Changed(id);
    }

    private static int RefusalsIn(Exception error) => error switch
    {
        UnreadableMessageException => RefusalsBeforeSettingAside,
        ITransient { IsTransient: false } => 1,
        _ => 0,
    };

    /// <summary>A log or a listener to metrics that throws must not end a lane.</summary>
    private void Note(Action action) => _background.RunOnce($"Logging and metrics of {_name}", action);

    /// <summary>The row as it is now: what fails is not kept in memory. Null: it was removed, or the relay stops.</summary>
    private async Task<OutboxRow?> FindAsync(OutboxRow row, CancellationToken stopping)
    {
        OutboxRow? found = null;
        await RepeatAsync($"Reading of {_name}", () => found = _outbox.Find(row.Id), stopping).ConfigureAwait(false);
        return found;
    }

    private async Task RemoveAcknowledgedAsync(CancellationToken abort)
    {
        while (_receipts.Count > 0 || await _acknowledged.Reader.WaitToReadAsync(abort).ConfigureAwait(false))
        {
            while (_acknowledged.Reader.TryRead(out var receipt))
                _receipts.Add(receipt);
            IReadOnlyList<(OutboxReceipt Receipt, Exception Error)> lost = [];
            await RepeatAsync(
                $"Removal of sent messages from {_name}",
                async () => lost = await _outbox.RemoveAsync(_receipts, abort).ConfigureAwait(false),
                abort).ConfigureAwait(false);

            // Rows that were acknowledged and not removed are sent again at the next start: duplicates, in order.
            if (abort.IsCancellationRequested)
                return;
            foreach (var (receipt, error) in lost)
                ReceiptLost(receipt, error);
            _schedule.Removed(_receipts);
            _receipts.Clear();
        }
    }

    private void ReceiptLost(OutboxReceipt receipt, Exception error)
    {
        if (_status.ReceiptLost(receipt, error))
            Note(() => _logger.ReceiptLost(_name, receipt.MessageId, receipt.Position.Topic, error));
    }

    /// <summary>Does it until it succeeds or is cancelled; failures are logged and in health meanwhile.</summary>
    private Task RepeatAsync(string name, Action action, CancellationToken cancellationToken) =>
        RepeatAsync(name, () => { action(); return Task.CompletedTask; }, cancellationToken);

    private Task RepeatAsync(string name, Func<Task> action, CancellationToken cancellationToken) =>
        _background.Run(name, _ => action(), Restart, cancellationToken);

    private static ProducerRecord RecordOf(OutboxRow row) => row.Unreadable is { } what ? throw new UnreadableMessageException(what) : new(
        row.Topic,
        RecordBytes.OrNull(row.Key is { } key ? Encoding.UTF8.GetBytes(key) : null),
        RecordBytes.OrNull(row.Value))
    {
        Headers = row.TraceParent is { } trace ? [.. row.Headers, RecordHeader.Text(OutboxHeaders.TraceParent, trace)] : row.Headers,
    };
}
