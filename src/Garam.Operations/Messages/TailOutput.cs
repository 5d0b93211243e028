using System.Threading.Channels;

namespace Garam.Operations.Messages;

/// <summary>
/// Makes events of what a tail reads, and never waits for the one who listens: topics are written faster than a page can show. Rows that find no room push out
/// the oldest that wait, and are counted.
/// </summary>
internal sealed class TailOutput(ChannelWriter<BrowseEvent> events, TimeProvider time, CancellationToken abandoned)
{
    private const int LargestBatch = 100;
    private const int MostRows = 1_000;
    private const long MostBytes = 8 * 1024 * 1024;
    private static readonly TimeSpan BetweenRows = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan BetweenProgress = TimeSpan.FromSeconds(1);

    private readonly Queue<StoredRecord> _rows = [];
    private readonly long _started = time.GetTimestamp();
    private long _lastRows = time.GetTimestamp();
    private long _lastProgress;
    private long _waitingBytes;
    private long _scanned;
    private long _bytes;
    private long _hits;
    private long _skipped;

    /// <summary>Skipped since the last rows that were given out.</summary>
    private long _skippedSince;

    public void Read(StoredRecord record)
    {
        _scanned++;
        _bytes += (record.Key?.Length ?? 0) + (record.Value?.Length ?? 0);
    }

    public void Add(StoredRecord hit)
    {
        _hits++;
        _rows.Enqueue(hit);
        _waitingBytes += hit.Size;
        while (_rows.Count > MostRows || (_waitingBytes > MostBytes && _rows.Count > 1))
        {
            _waitingBytes -= _rows.Dequeue().Size;
            _skipped++;
            _skippedSince++;
        }
    }

    /// <summary>Says what is due and finds room. To be called often, also while nothing comes.</summary>
    /// <param name="cursor">Where another tail would go on.</param>
    public void Tick(Func<string> cursor)
    {
        var now = time.GetTimestamp();
        if (time.GetElapsedTime(_lastRows, now) >= BetweenRows)
        {
            _lastRows = now;
            while (_rows.Count > 0 && events.TryWrite(NextRows()))
                Forget();
        }

        // Rows that wait lie before the cursor: whoever went on from there would never see them.
        if (_rows.Count == 0 && (_lastProgress == 0 || time.GetElapsedTime(_lastProgress, now) >= BetweenProgress) && events.TryWrite(Progress(cursor())))
            _lastProgress = now;
    }

    /// <summary>The end: now it waits.</summary>
    public void Finish(string cursor)
    {
        while (_rows.Count > 0)
        {
            Write(NextRows());
            Forget();
        }

        Write(Progress(cursor));
        Write(new BrowseEvent.Done(BrowseEnd.Stopped, Older: null, Newer: cursor));
    }

    private BrowseEvent.Rows NextRows() => new([.. _rows.Take(LargestBatch)], _skippedSince);

    /// <summary>The rows that were given out.</summary>
    private void Forget()
    {
        for (var row = Math.Min(LargestBatch, _rows.Count); row > 0; row--)
            _waitingBytes -= _rows.Dequeue().Size;
        _skippedSince = 0;
    }

    private BrowseEvent.Progress Progress(string cursor) => new(_scanned, Total: 0, _bytes, _hits, _skipped, time.GetElapsedTime(_started), cursor);

    private void Write(BrowseEvent next) => events.WriteAsync(next, abandoned).AsTask().GetAwaiter().GetResult();
}
