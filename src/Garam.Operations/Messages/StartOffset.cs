using System.Globalization;
using Confluent.Kafka;

namespace Garam.Operations.Messages;

/// <summary>Where reading begins: <c>start</c>, <c>end</c>, an offset, <c>-N</c> for the last N of each partition, or <c>@TIME</c>.</summary>
public abstract record StartOffset
{
    public static readonly StartOffset Beginning = new At(Offset.Beginning);

    /// <exception cref="FormatException">The text is none of these.</exception>
    public static StartOffset Parse(string text) => text switch
    {
        "start" or "beginning" => Beginning,
        "end" => new At(Offset.End),
        ['@', .. var time] => new AtTime(ParseTime(time)),
        ['-', .. var count] when long.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var last) => new Last(last),
        _ when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var offset) => new At(offset),
        _ => throw new FormatException($"--offset {text}: write start, end, an offset, -N for the last N records, or @TIME (milliseconds or ISO 8601)."),
    };

    /// <summary>The first offset of each partition to read.</summary>
    public abstract IEnumerable<TopicPartitionOffset> Resolve(IConsumer<byte[]?, byte[]?> consumer, IReadOnlyList<TopicPartition> partitions, TimeSpan patience);

    private static DateTimeOffset ParseTime(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds) ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time
        : throw new FormatException($"--offset @{text}: write milliseconds since 1970 or a time like 2026-02-14T09:00:00Z.");

    private sealed record At(Offset Offset) : StartOffset
    {
        public override IEnumerable<TopicPartitionOffset> Resolve(IConsumer<byte[]?, byte[]?> consumer, IReadOnlyList<TopicPartition> partitions, TimeSpan patience) =>
            partitions.Select(partition => new TopicPartitionOffset(partition, Offset));
    }

    private sealed record Last(long Count) : StartOffset
    {
        public override IEnumerable<TopicPartitionOffset> Resolve(IConsumer<byte[]?, byte[]?> consumer, IReadOnlyList<TopicPartition> partitions, TimeSpan patience) =>
            partitions.Select(partition =>
            {
                var offsets = consumer.QueryWatermarkOffsets(partition, patience);
                return new TopicPartitionOffset(partition, Math.Max(offsets.Low.Value, offsets.High.Value - Count));
            });
    }

    private sealed record AtTime(DateTimeOffset Time) : StartOffset
    {
        public override IEnumerable<TopicPartitionOffset> Resolve(IConsumer<byte[]?, byte[]?> consumer, IReadOnlyList<TopicPartition> partitions, TimeSpan patience) =>
            consumer.OffsetsForTimes(partitions.Select(partition => new TopicPartitionTimestamp(partition, new Timestamp(Time))), patience);
    }
}
