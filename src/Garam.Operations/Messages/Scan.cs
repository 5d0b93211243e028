using Confluent.Kafka;
using Garam.Operations.Queries;

namespace Garam.Operations.Messages;

/// <summary>One way to go through the ranges of a plan.</summary>
internal abstract class Scan(RecordReader reader, BrowseOutput output, RecordQuery? query)
{
    /// <summary>The most that a stop or a flush waits for a client that has nothing to say.</summary>
    protected static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(20);

    protected RecordReader Reader { get; } = reader;

    protected BrowseOutput Output { get; } = output;

    /// <summary>Reads until everything is read, the limit is hit, or it is stopped.</summary>
    public abstract BrowseEnd Run(CancellationToken stop);

    /// <summary>For each partition, the first offset (going on forward) or the first behind the last (going back) of what was not given out.</summary>
    public abstract IEnumerable<PartitionRange> Remaining { get; }

    protected bool IsHit(StoredRecord record)
    {
        Output.Bytes += (record.Key?.Length ?? 0) + (record.Value?.Length ?? 0);
        return query?.Matches(record) ?? true;
    }
}

/// <summary>Reads everything once, as fast as it comes, and gives each record out at once: partitions in no order among themselves.</summary>
internal sealed class StreamedScan(RecordReader reader, BrowseOutput output, BrowsePlan plan, RecordQuery? query) : Scan(reader, output, query)
{
    private readonly Dictionary<TopicPartition, long> _positions = plan.Ranges.ToDictionary(range => range.Partition, range => range.From);

    public override IEnumerable<PartitionRange> Remaining => plan.Ranges.Select(range => range with { From = _positions[range.Partition] });

    public override BrowseEnd Run(CancellationToken stop)
    {
        Reader.Begin(plan.Ranges);
        while (!Reader.IsFinished && !stop.IsCancellationRequested)
        {
            if (Reader.TryRead(Turn, out var record))
            {
                Output.Scanned++;
                if (IsHit(record))
                    Output.Add(record);
                _positions[record.TopicPartition] = record.Offset + 1;
            }

            Output.Tick();
        }

        if (!Reader.IsFinished)
            return BrowseEnd.Stopped;
        foreach (var range in plan.Ranges)
            _positions[range.Partition] = Math.Max(range.From, range.Until);
        Output.Scanned = plan.Total;
        return BrowseEnd.Everything;
    }
}
