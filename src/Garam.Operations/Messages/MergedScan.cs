using Garam.Operations.Queries;

namespace Garam.Operations.Messages;

/// <summary>
/// Reads partitions in steps from one side, and gives their hits out merged by time, until there are enough.
/// <code>
///            ◄───────── newest first
/// p0   ······[ x    x]  hits that wait; the next of them is the newest of p0
/// p1   ···[          ]  no hits: whatever is left of p1 is older than what was scanned of it, its frontier
///         step 2  step 1
/// </code>
/// The next row is the newest hit among all, unless a partition without hits might hold a newer one: that is read on first. In one partition records keep
/// their order even where their times do not follow it.
/// </summary>
internal sealed class MergedScan(RecordReader reader, BrowseOutput output, BrowsePlan plan, RecordQuery? query, int limit) : Scan(reader, output, query)
{
    private const int LargestRound = 50_000;
    private const long BytesInRound = 16 * 1024 * 1024;

    private readonly List<PartitionScan> _partitions = [.. plan.Ranges.Select(range => new PartitionScan(range, plan.Order, limit))];
    private long _round = query is null ? Math.Clamp(2L * limit, 64, LargestRound) : 2_000;
    private long _read;

    public override IEnumerable<PartitionRange> Remaining => _partitions.Select(partition => partition.Remaining);

    public override BrowseEnd Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            if (Output.Hits == limit)
                return BrowseEnd.Limit;
            if (FindNext() is not { } next)
                return BrowseEnd.Everything;
            if (next.HasHit)
                Output.Add(next.Take());
            else
                ReadRound(stop);
            Output.Tick();
        }

        return BrowseEnd.Stopped;
    }

    private PartitionScan? FindNext()
    {
        PartitionScan? best = null;
        foreach (var partition in _partitions)
        {
            if (!partition.IsFinished && (best is null || partition.IsBefore(best)))
                best = partition;
        }

        return best;
    }

    /// <summary>The next step of all partitions that have no hit ready. Steps grow, so that a rare hit costs few of them and a frequent one reads little that nobody wants.</summary>
    private void ReadRound(CancellationToken stop)
    {
        var waiting = _partitions.Where(partition => partition is { HasHit: false, IsFinished: false }).ToDictionary(partition => partition.Partition);
        var step = Math.Max(1, Math.Min(_round, BytesInRound / AverageSize) / waiting.Count);
        Reader.Begin([.. waiting.Values.Select(partition => partition.Begin(step))]);
        var before = Output.Scanned;
        while (!Reader.IsFinished && !stop.IsCancellationRequested)
        {
            if (Reader.TryRead(Turn, out var record))
            {
                _read++;
                Output.Scanned++;
                waiting[record.TopicPartition].Add(record, IsHit(record));
            }

            Output.Tick();
        }

        if (!Reader.IsFinished)
        {
            Output.Scanned = before;
            return;
        }

        foreach (var partition in waiting.Values)
            partition.End();
        Output.Scanned = plan.Total - _partitions.Sum(partition => partition.Unread);
        _round = Math.Min(_round * 2, LargestRound);
    }

    private long AverageSize => Math.Max(1, Output.Bytes / Math.Max(1, _read));
}
