namespace Garam.Content.Import;

/// <summary>Counts what many senders do, and knows where to go on should the import end early.</summary>
internal sealed class ImportTally(TimeProvider time, IProgress<ImportProgress>? progress)
{
    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly SortedSet<long> _unfinished = [];
    private readonly List<RefusedRecord> _refusals = [];
    private readonly long _started = time.GetTimestamp();
    private TimeSpan _nextReport = ReportEvery;
    private long _created, _refused, _lastLine;

    public IReadOnlyList<RefusedRecord> Refusals => _refusals;

    public ImportProgress Total => new(_created, _refused, time.GetElapsedTime(_started));

    /// <summary>The first line that is not known to be done.</summary>
    public long FirstUnfinished => _unfinished.Count > 0 ? _unfinished.Min : _lastLine + 1;

    /// <summary>Called in the file's order.</summary>
    public void Begin(long line)
    {
        lock (_lock)
        {
            _unfinished.Add(line);
            _lastLine = line;
        }
    }

    public void Created(long line) => End(line, refusal: null);

    public void Refused(long line, string reason) => End(line, reason);

    private void End(long line, string? refusal)
    {
        lock (_lock)
        {
            _unfinished.Remove(line);
            if (refusal is null)
            {
                _created++;
            }
            else if (++_refused <= ImportReport.MaxRefusals)
            {
                _refusals.Add(new RefusedRecord(line, refusal));
            }

            var total = Total;
            if (total.Elapsed >= _nextReport)
            {
                _nextReport = total.Elapsed + ReportEvery;
                progress?.Report(total);
            }
        }
    }
}
