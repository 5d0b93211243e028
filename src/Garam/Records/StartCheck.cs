using Confluent.Kafka;
using Garam.CommandLine;

namespace Garam.Records;

/// <summary>
/// Compares the offset at which reading is to begin with what each partition holds. The client library would begin at the start of the log where there is no such offset, and say
/// nothing.
/// </summary>
internal static class StartCheck
{
    /// <summary>Where to begin in each partition: at the offset, or at the start or the end where that is nearest. Says where it is not at the offset.</summary>
    /// <exception cref="CommandFailure">The offset is after the end of every partition.</exception>
    public static IEnumerable<TopicPartitionOffset> Nearest(long offset, IReadOnlyList<(TopicPartition Partition, WatermarkOffsets Bounds)> partitions)
    {
        var late = partitions.Where(partition => partition.Bounds.High.Value < offset).ToList();
        if (late.Count == partitions.Count)
            throw new CommandFailure(ExitCode.Usage, $"offset {offset} is after the end{Which(late, partitions)} ({partitions.Max(partition => partition.Bounds.High.Value)}).");
        if (late.Count > 0)
            Talk.Say($"offset {offset} is after the end{Which(late, partitions)}: there, reading begins at the end.");
        var early = partitions.Where(partition => partition.Bounds.Low.Value > offset).ToList();
        if (early.Count > 0)
            Talk.Say($"offset {offset} is before the start{Which(early, partitions)} ({early.Min(partition => partition.Bounds.Low.Value)}): "
                + $"up to {Words.Count(early.Sum(partition => partition.Bounds.Low.Value - offset), "record")} gone, reading begins at the start.");
        return partitions.Select(partition => new TopicPartitionOffset(partition.Partition, Math.Clamp(offset, partition.Bounds.Low.Value, partition.Bounds.High.Value)));
    }

    private static string Which(ICollection<(TopicPartition, WatermarkOffsets)> some, IReadOnlyCollection<(TopicPartition, WatermarkOffsets)> all) =>
        all.Count == 1 ? "" : $" of {some.Count} of {Words.Count(all.Count, "partition")}";
}
