using System.Threading.Channels;

namespace Garam.Operations.Messages;

/// <summary>
/// Makes events of what a browse finds: rows in batches, progress now and then. Belongs to the thread that reads, and holds it while the one who
/// listens is slow.
/// </summary>
internal sealed class BrowseOutput(ChannelWriter<BrowseEvent> events, long total, TimeProvider time, CancellationToken abandoned)
{
    private const int LargestBatch = 100;
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan BetweenProgress = TimeSpan.FromMilliseconds(250);

    private readonly long _started = time.GetTimestamp();
    private List<StoredRecord> _rows = [];
    private long _oldestRow;
    private long _lastProgress = time.GetTimestamp();

    /// <summary>Offsets looked at.</summary>
    public long Scanned { get; set; }

    /// <summary>Rows given out.</summary>
    public long Hits { get; private set; }

    /// <summary>Bytes of keys and values read.</summary>
    public long Bytes { get; set; }

    public void Add(StoredRecord hit)
    {
        if (_rows.Count == 0)
            _oldestRow = time.GetTimestamp();
        _rows.Add(hit);
        Hits++;
        if (_rows.Count == LargestBatch)
            FlushRows();
    }

    /// <summary>Says what is due. To be called often, also while nothing comes.</summary>
    public void Tick()
    {
        var now = time.GetTimestamp();
        if (_rows.Count > 0 && time.GetElapsedTime(_oldestRow, now) >= LongestWait)
            FlushRows();
        if (time.GetElapsedTime(_lastProgress, now) >= BetweenProgress)
            SayProgress();
    }

    public void Finish(BrowseEvent.Done done)
    {
        FlushRows();
        SayProgress();
        Write(done);
    }

    private void FlushRows()
    {
        if (_rows.Count == 0)
            return;
        Write(new BrowseEvent.Rows(_rows));
        _rows = [];
    }

    private void SayProgress()
    {
        _lastProgress = time.GetTimestamp();
        Write(new BrowseEvent.Progress(Scanned, total, Bytes, Hits, Skipped: 0, time.GetElapsedTime(_started)));
    }

    // The thread is the browse's own, and has nothing else to do.
    private void Write(BrowseEvent next)
    {
        if (!events.TryWrite(next))
            events.WriteAsync(next, abandoned).AsTask().GetAwaiter().GetResult();
    }
}
