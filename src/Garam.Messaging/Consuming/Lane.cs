using System.Collections.Concurrent;
using Garam.Background;

namespace Garam.Messaging.Consuming;

/// <summary>
/// A queue of records of one assigned partition that are handled one after the other, on a thread that it has only while
/// there is work. A record that waits for its next try stays at the front, and a timer, not a thread, waits with it.
/// </summary>
internal sealed class Lane(PartitionAssignment partition, RecordProcessor processor, ILaneScheduler scheduler, BackgroundWork work) : IDisposable
{
    // Timers take less than 50 days, and an endpoint's backoff may be longer.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(40);
    private const long NotRunning = long.MinValue;

    private readonly ConcurrentQueue<InFlightRecord> _waiting = new();
    private InFlightRecord? _front;
    private ITimer? _retryTimer;
    private bool _active;
    private long _done;
    private long _doneBytes;
    private long _began = NotRunning;

    /// <summary>The trouble that the front record waits for to end; null when there is none.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Records of this lane that are done, and their bytes: written by its worker only, so that counting needs no lock either. Any thread.</summary>
    public (long Records, long Bytes) Done => (Volatile.Read(ref _done), Volatile.Read(ref _doneBytes));

    /// <summary>The record whose handler runs, and since when (a timestamp of the processor's clock); null while none does. Any thread.</summary>
    public (InFlightRecord Record, long Since)? InProgress => Volatile.Read(ref _began) is not NotRunning and var since && _front is { } front ? (front, since) : null;

    public void Enqueue(InFlightRecord record)
    {
        _waiting.Enqueue(record);
        Wake();
    }

    /// <summary>Starts working unless it works already, or waits for a retry.</summary>
    public void Wake()
    {
        if (!Interlocked.Exchange(ref _active, true))
        {
            scheduler.Schedule(this);
        }
    }

    /// <summary>Handles what waits, until there is nothing, or a record waits for its next try. The task never fails.</summary>
    public Task Run() => RunAsync();

    public void Dispose() => _retryTimer?.Dispose();

    private async Task RunAsync()
    {
        try
        {
            do
            {
                while (TakeFront() && partition.TryBegin(_front!))
                {
                    if (await HandleFrontAsync().ConfigureAwait(false) is { } retryAfter)
                    {
                        Park(retryAfter);
                        return;
                    }

                    LeaveFront();
                }

                // Whoever enqueued between the last look and this line found the lane active and did not start it: look again.
                Interlocked.Exchange(ref _active, false);
            }
            while ((_front is not null || !_waiting.IsEmpty) && partition.CanBegin && !Interlocked.Exchange(ref _active, true));
        }
        catch (Exception exception)
        {
            // The processor answers for whatever a record may cause. What comes here is a fault of ours: never silence.
            partition.Fail(exception);
        }
    }

    private bool TakeFront() => _front is not null || _waiting.TryDequeue(out _front);

    private async ValueTask<TimeSpan?> HandleFrontAsync()
    {
        var record = _front!;
        Volatile.Write(ref _began, processor.Timestamp);
        try
        {
            var retry = await processor.ProcessAsync(record, partition).ConfigureAwait(false);
            Trouble = retry?.Trouble;
            return retry?.After;
        }
        catch (Exception exception)
        {
            var retry = processor.Recover(record, partition, exception);
            Trouble = retry?.Trouble;
            return retry?.After;
        }
        finally
        {
            Volatile.Write(ref _began, NotRunning);
            partition.End();
        }
    }

    private void LeaveFront()
    {
        if (_front!.IsDone)
        {
            Volatile.Write(ref _done, _done + 1);
            Volatile.Write(ref _doneBytes, _doneBytes + _front.Size);
        }

        _front = null;
    }

    /// <summary>Stays active, so that nobody else starts it, until the timer does.</summary>
    private void Park(TimeSpan retryAfter)
    {
        _retryTimer ??= work.CreateTimer($"Retries of {partition.Partition}", () => scheduler.Schedule(this), Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _retryTimer.Change(retryAfter < LongestWait ? retryAfter : LongestWait, Timeout.InfiniteTimeSpan);
    }
}
