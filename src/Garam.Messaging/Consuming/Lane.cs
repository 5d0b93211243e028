using System.Collections.Concurrent;

namespace Garam.Messaging.Consuming;

/// <summary>
/// A queue of records of one assigned partition that are handled one after the other, on a pool thread that it has only while
/// there is work. A record that waits for its next try stays at the front, and a timer, not a thread, waits with it.
/// </summary>
internal sealed class Lane(PartitionAssignment partition, RecordProcessor processor, TimeProvider time) : IThreadPoolWorkItem, IDisposable
{
    private const long NotRunning = long.MinValue;

    private readonly ConcurrentQueue<InFlightRecord> _waiting = new();
    private InFlightRecord? _front;
    private ITimer? _retryTimer;
    private bool _active;
    private long _began = NotRunning;

    /// <summary>The trouble that the front record waits for to end; null when there is none.</summary>
    public string? Trouble { get; private set; }

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
            Schedule();
        }
    }

    void IThreadPoolWorkItem.Execute() => _ = RunAsync();

    public void Dispose() => _retryTimer?.Dispose();

    private void Schedule() => ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);

    private async Task RunAsync()
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

                _front = null;
            }

            // Whoever enqueued between the last look and this line found the lane active and did not start it: look again.
            Interlocked.Exchange(ref _active, false);
        }
        while ((_front is not null || !_waiting.IsEmpty) && partition.CanBegin && !Interlocked.Exchange(ref _active, true));
    }

    private bool TakeFront() => _front is not null || _waiting.TryDequeue(out _front);

    private async ValueTask<TimeSpan?> HandleFrontAsync()
    {
        Volatile.Write(ref _began, processor.Timestamp);
        try
        {
            var retry = await processor.ProcessAsync(_front!, partition).ConfigureAwait(false);
            Trouble = retry?.Trouble;
            return retry?.After;
        }
        finally
        {
            Volatile.Write(ref _began, NotRunning);
            partition.End();
        }
    }

    /// <summary>Stays active, so that nobody else starts it, until the timer does.</summary>
    private void Park(TimeSpan retryAfter)
    {
        _retryTimer ??= time.CreateTimer(static lane => ((Lane)lane!).Schedule(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _retryTimer.Change(retryAfter, Timeout.InfiniteTimeSpan);
    }
}
