using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Garam.Operations.Connections;
using Garam.Operations.Messages;

namespace Garam.Operations.Topics;

/// <summary>How far a count of records is. The last one says <paramref name="Done"/>.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Partitions">Every partition that is counted.</param>
/// <param name="Done">No more follow.</param>
public sealed record CountProgress(string Topic, IReadOnlyList<CountedPartition> Partitions, bool Done)
{
    /// <summary>Records counted so far: those that a reader of committed records gets.</summary>
    public long Records => Partitions.Sum(partition => partition.Records);

    /// <summary>Offsets that were not read: zero where the count is complete.</summary>
    public long Left => Partitions.Sum(partition => partition.EndOffset - partition.CountedTo);

    /// <summary>Offsets to read in all.</summary>
    public long Total => Partitions.Sum(partition => partition.EndOffset - partition.StartOffset);
}

/// <summary>A partition of a count: records from <paramref name="StartOffset"/> to before <paramref name="CountedTo"/>; the end is that of the time when the count began.</summary>
public sealed record CountedPartition(int Partition, long Records, long StartOffset, long CountedTo, long EndOffset);

/// <summary>Counts records by reading them.</summary>
internal sealed class RecordCount(KafkaConnection kafka, TimeProvider time, string topic, TimeSpan limit)
{
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan BetweenProgress = TimeSpan.FromMilliseconds(250);

    /// <summary>Where to begin in some of the partitions; the others are counted from their start.</summary>
    public IReadOnlyDictionary<int, long> Starts { get; init; } = new Dictionary<int, long>();

    public async IAsyncEnumerable<CountProgress> RunAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var bounds = await BrowsePlan.BoundsAsync(kafka, await BrowsePlan.PartitionsAsync(kafka, [topic], ct).ConfigureAwait(false), ct).ConfigureAwait(false);
        IReadOnlyList<PartitionRange> ranges =
            [.. bounds.Select(range => Starts.TryGetValue(range.Partition.Partition.Value, out var start) ? range with { From = Math.Clamp(start, range.From, range.Until) } : range)];
        await foreach (var progress in BlockingWork.StreamAsync<CountProgress>(kafka.Background, (events, abandoned) => Count(ranges, events, abandoned, ct), CancellationToken.None).ConfigureAwait(false))
            yield return progress;
        ct.ThrowIfCancellationRequested();
    }

    private void Count(IReadOnlyList<PartitionRange> ranges, ChannelWriter<CountProgress> events, CancellationToken abandoned, CancellationToken ct)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, abandoned);
        using var reader = new RecordReader(kafka, time, ReadAhead.Scan);
        var counted = ranges.ToDictionary(range => range.Partition, range => new CountedPartition(range.Partition.Partition.Value, 0, range.From, range.From, range.Until));
        var (started, said) = (time.GetTimestamp(), time.GetTimestamp());
        reader.Begin(ranges);
        while (!reader.IsFinished && !stop.IsCancellationRequested && time.GetElapsedTime(started) < limit)
        {
            if (reader.TryRead(Turn, out var record) && counted[record.TopicPartition] is var before)
                counted[record.TopicPartition] = before with { Records = before.Records + 1, CountedTo = record.Offset + 1 };
            if (time.GetElapsedTime(said) < BetweenProgress)
                continue;
            said = time.GetTimestamp();
            events.TryWrite(new CountProgress(topic, [.. counted.Values], Done: false));
        }

        var partitions = counted.Values.Select(partition => reader.IsFinished ? partition with { CountedTo = partition.EndOffset } : partition);
        events.WriteAsync(new CountProgress(topic, [.. partitions.OrderBy(partition => partition.Partition)], Done: true), abandoned).AsTask().GetAwaiter().GetResult();
    }
}
