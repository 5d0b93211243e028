using Confluent.Kafka;

namespace Garam.Operations.Messages;

/// <summary>Offsets to read next, on both sides of what has been read.</summary>
internal sealed record JourneyGrowth(IReadOnlyList<PartitionRange> Before, IReadOnlyList<PartitionRange> After)
{
    public long Count => Before.Sum(range => range.Count) + After.Sum(range => range.Count);
}

/// <summary>What a search for the journey of a record has read: in each partition one range, which grows outward from the time of the record.</summary>
/// <param name="all">Everything that there is to read.</param>
/// <param name="center">Where the time of the record lies in each partition.</param>
internal sealed class JourneyArea(IReadOnlyList<PartitionRange> all, IReadOnlyDictionary<TopicPartition, long> center)
{
    private IReadOnlyList<PartitionRange> _covered = [.. all.Select(range => Math.Clamp(center[range.Partition], range.From, range.Until) is var at ? new PartitionRange(range.Partition, at, at) : default)];

    public IReadOnlyList<PartitionRange> All => all;

    /// <summary>Topics that have records.</summary>
    public int Topics => all.Where(range => !range.IsEmpty).Select(range => range.Partition.Topic).Distinct().Count();

    /// <summary>Offsets that have not been read.</summary>
    public long Left => all.Sum(range => range.Count) - _covered.Sum(range => range.Count);

    /// <summary>What is missing up to these offsets; null: up to the start and to the end.</summary>
    public JourneyGrowth To(IReadOnlyDictionary<TopicPartition, long>? from, IReadOnlyDictionary<TopicPartition, long>? until) => Between(
        range => from is null ? range.From : Math.Max(range.From, from[range.Partition]),
        range => until is null ? range.Until : Math.Min(range.Until, until[range.Partition]));

    /// <summary>So many records at most: those nearest to what has been read, alike in all partitions.</summary>
    public JourneyGrowth Nearest(long records)
    {
        var covered = _covered.ToDictionary(range => range.Partition);
        var each = records / Math.Max(1, 2 * all.Count(range => range.Count > covered[range.Partition].Count));
        return Between(range => Math.Max(range.From, covered[range.Partition].From - each), range => Math.Min(range.Until, covered[range.Partition].Until + each));
    }

    /// <summary>It has been read.</summary>
    public void Cover(JourneyGrowth growth) =>
        _covered = [.. growth.Before.Zip(growth.After, (before, after) => new PartitionRange(before.Partition, before.From, after.Until))];

    private JourneyGrowth Between(Func<PartitionRange, long> from, Func<PartitionRange, long> until) => new(
        [.. all.Zip(_covered, (range, read) => new PartitionRange(range.Partition, Math.Min(read.From, from(range)), read.From))],
        [.. all.Zip(_covered, (range, read) => new PartitionRange(range.Partition, read.Until, Math.Max(read.Until, until(range))))]);
}
