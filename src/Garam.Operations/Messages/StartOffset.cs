using System.Globalization;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Garam.Operations.Connections;
using Garam.Operations.Queries;
using Garam.Operations.Topics;

namespace Garam.Operations.Messages;

/// <summary>Where reading begins: <c>start</c>, <c>end</c>, an offset, <c>-N</c> for the last N of each partition, <c>@TIME</c>, or <c>-1h</c> (that long ago).</summary>
public abstract record StartOffset
{
    public static readonly StartOffset Beginning = new At(Offset.Beginning);

    /// <summary>The time, where it is one; null for an offset.</summary>
    public virtual DateTimeOffset? Moment => null;

    /// <summary>The offset, where it is a number from 0 on; null for everything else.</summary>
    public virtual long? Number => null;

    /// <param name="text">One of these.</param>
    /// <param name="reading">How a time is read. Default: times without a zone are UTC.</param>
    /// <exception cref="FormatException">The text is none of these.</exception>
    public static StartOffset Parse(string text, TimeReading? reading = null) => Read(text, reading ?? TimeReading.Utc);

    private static StartOffset Read(string text, TimeReading reading) => text switch
    {
        "start" or "beginning" => Beginning,
        "end" => new At(Offset.End),
        ['@', .. var time] => new AtTime(ParseTime(time, reading)),
        ['-', .. var count] when long.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var last) => new Last(last),
        ['-', ..] when reading.Parse(text) is { } ago => new AtTime(ago),
        _ when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var offset) => new At(offset),
        _ => throw new FormatException($"{text}: write start, end, an offset, -N for the last N records, -1h for that long ago, or @TIME."),
    };

    /// <summary>The text that <see cref="Parse"/> reads.</summary>
    public abstract override string ToString();

    /// <summary>The first offset of each partition to read.</summary>
    public abstract IEnumerable<TopicPartitionOffset> Resolve(IConsumer<byte[]?, byte[]?> consumer, IReadOnlyList<TopicPartition> partitions, TimeSpan patience);

    /// <summary>The same for partitions whose ends are known.</summary>
    internal abstract Task<IReadOnlyDictionary<TopicPartition, long>> ResolveAsync(KafkaConnection kafka, IReadOnlyCollection<PartitionRange> partitions, CancellationToken ct);

    /// <summary>The first record that is not older than that time; the end where there is none.</summary>
    internal static async Task<IReadOnlyDictionary<TopicPartition, long>> AtTimeAsync(KafkaConnection kafka, long milliseconds, IReadOnlyCollection<PartitionRange> partitions, CancellationToken ct)
    {
        // Below zero the protocol has other meanings, and all records are later anyway.
        if (milliseconds < 0)
            return partitions.ToDictionary(range => range.Partition, range => range.From);
        var found = await kafka.OffsetsAsync([.. partitions.Select(range => range.Partition)], OffsetSpec.ForTimestamp(milliseconds), ct);
        return partitions.ToDictionary(range => range.Partition, range => found.GetValueOrDefault(range.Partition, -1) is >= 0 and var offset ? offset : range.Until);
    }

    private static DateTimeOffset ParseTime(string text, TimeReading reading) =>
        reading.Parse(text) ?? throw new FormatException($"@{text}: write @ and {TimeReading.Forms}.");

    private sealed record At(Offset Offset) : StartOffset
    {
        /// <inheritdoc/>
        public override long? Number => Offset.IsSpecial ? null : Offset.Value;

        public override string ToString() => Offset == Offset.Beginning ? "start" : Offset == Offset.End ? "end" : Offset.Value.ToString(CultureInfo.InvariantCulture);

        public override IEnumerable<TopicPartitionOffset> Resolve(IConsumer<byte[]?, byte[]?> consumer, IReadOnlyList<TopicPartition> partitions, TimeSpan patience) =>
            partitions.Select(partition => new TopicPartitionOffset(partition, Offset));

        internal override Task<IReadOnlyDictionary<TopicPartition, long>> ResolveAsync(KafkaConnection kafka, IReadOnlyCollection<PartitionRange> partitions, CancellationToken ct) =>
            Task.FromResult<IReadOnlyDictionary<TopicPartition, long>>(partitions.ToDictionary(
                range => range.Partition, range => Offset == Offset.Beginning ? range.From : Offset == Offset.End ? range.Until : Offset.Value));
    }

    private sealed record Last(long Count) : StartOffset
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"-{Count}");

        public override IEnumerable<TopicPartitionOffset> Resolve(IConsumer<byte[]?, byte[]?> consumer, IReadOnlyList<TopicPartition> partitions, TimeSpan patience) =>
            partitions.Select(partition =>
            {
                var offsets = consumer.QueryWatermarkOffsets(partition, patience);
                return new TopicPartitionOffset(partition, Math.Max(offsets.Low.Value, offsets.High.Value - Count));
            });

        internal override Task<IReadOnlyDictionary<TopicPartition, long>> ResolveAsync(KafkaConnection kafka, IReadOnlyCollection<PartitionRange> partitions, CancellationToken ct) =>
            Task.FromResult<IReadOnlyDictionary<TopicPartition, long>>(partitions.ToDictionary(range => range.Partition, range => range.Until - Count));
    }

    private sealed record AtTime(DateTimeOffset Time) : StartOffset
    {
        public override string ToString() => $"@{Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFF'Z'", CultureInfo.InvariantCulture)}";

        /// <inheritdoc/>
        public override DateTimeOffset? Moment => Time;

        public override IEnumerable<TopicPartitionOffset> Resolve(IConsumer<byte[]?, byte[]?> consumer, IReadOnlyList<TopicPartition> partitions, TimeSpan patience) =>
            consumer.OffsetsForTimes(partitions.Select(partition => new TopicPartitionTimestamp(partition, new Timestamp(Time))), patience);

        internal override Task<IReadOnlyDictionary<TopicPartition, long>> ResolveAsync(KafkaConnection kafka, IReadOnlyCollection<PartitionRange> partitions, CancellationToken ct) =>
            AtTimeAsync(kafka, Time.ToUnixTimeMilliseconds(), partitions, ct);
    }
}
