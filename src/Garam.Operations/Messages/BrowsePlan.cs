using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Garam.Operations.Connections;
using Garam.Operations.Queries;
using Garam.Operations.Topics;

namespace Garam.Operations.Messages;

/// <summary>Which offsets a browse reads, found before the first record is fetched.</summary>
/// <param name="Order">The request's, or that of its cursor.</param>
/// <param name="Bounds">From the oldest record to the end at the time of the call, of each partition asked for.</param>
/// <param name="Ranges">What is to be read of each of them, in their order; some are empty.</param>
internal sealed record BrowsePlan(BrowseOrder Order, IReadOnlyList<PartitionRange> Bounds, IReadOnlyList<PartitionRange> Ranges)
{
    private const int Attempts = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public long Total => Ranges.Sum(range => range.Count);

    public static async Task<BrowsePlan> MakeAsync(KafkaConnection kafka, BrowseRequest request, CancellationToken ct)
    {
        var cursor = request.Cursor is null ? null : Cursor.Parse(request.Cursor);
        var bounds = await BoundsAsync(kafka, await PartitionsAsync(kafka, request, ct), ct);
        var ranges = await WithinAsync(bounds, request.From, (range, offset) => range with { From = Math.Max(range.From, offset) });
        if (request.Until is not null)
            ranges = await WithinAsync(ranges, request.Until, (range, offset) => range with { Until = Math.Min(range.Until, offset) });
        if (cursor is not null)
            ranges = [.. ranges.Zip(bounds, (range, all) => GoOn(range, all, cursor))];
        if (request.Query is not null)
            ranges = await NarrowAsync(kafka, ranges, request.Query.Range, ct);
        return new BrowsePlan(cursor?.Order ?? request.Order, bounds, ranges);

        async Task<IReadOnlyList<PartitionRange>> WithinAsync(IReadOnlyList<PartitionRange> all, StartOffset at, Func<PartitionRange, long, PartitionRange> narrow)
        {
            var offsets = await at.ResolveAsync(kafka, bounds, ct);
            return [.. all.Select(range => narrow(range, offsets[range.Partition]))];
        }
    }

    /// <summary>From the oldest record to the end of each partition, as a reader sees them who sees only what is committed.</summary>
    /// <exception cref="OperationException">A partition has no leader. That of a new topic is given the moment that it takes to be elected.</exception>
    public static async Task<IReadOnlyList<PartitionRange>> BoundsAsync(KafkaConnection kafka, IReadOnlyList<TopicPartition> partitions, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            var starts = kafka.OffsetsAsync(partitions, OffsetSpec.Earliest(), ct);
            var ends = await kafka.OffsetsAsync(partitions, OffsetSpec.Latest(), IsolationLevel.ReadCommitted, ct);
            var found = await starts;
            if (partitions.FirstOrDefault(partition => !found.ContainsKey(partition) || !ends.ContainsKey(partition)) is not { } missing)
                return [.. partitions.Select(partition => new PartitionRange(partition, found[partition], ends[partition]))];
            if (attempt == Attempts)
                throw new OperationException(FailureKind.Unreachable, $"partition {missing.Partition.Value} of topic {missing.Topic} has no leader that answers.");
            await Task.Delay(Pause, ct);
        }
    }

    /// <summary>All partitions of topics.</summary>
    /// <exception cref="OperationException">One of the topics does not exist.</exception>
    public static async Task<IReadOnlyList<TopicPartition>> PartitionsAsync(KafkaConnection kafka, IReadOnlyCollection<string> topics, CancellationToken ct)
    {
        var described = await kafka.DescribeTopicsAsync(topics, ct);
        return described.FirstOrDefault(topic => topic.Error.IsError) is { } failed
            ? throw (failed.Error.Code is ErrorCode.UnknownTopicOrPart
                ? new OperationException(FailureKind.NotFound, Suggestion.Missing("topic", failed.Name, (await new TopicOperations(kafka).ListAsync(ct)).Select(topic => topic.Name)))
                : OperationException.Of(failed.Error, $"topic {failed.Name}"))
            : [.. described.SelectMany(topic => topic.Partitions.Select(partition => new TopicPartition(topic.Name, partition.Partition)))];
    }

    private static async Task<IReadOnlyList<TopicPartition>> PartitionsAsync(KafkaConnection kafka, BrowseRequest request, CancellationToken ct)
    {
        var all = await PartitionsAsync(kafka, [request.Topic], ct);
        if (request.Partitions?.Where(asked => !all.Any(partition => partition.Partition.Value == asked)).ToList() is [var missing, ..])
            throw new OperationException(FailureKind.NotFound, $"topic {request.Topic} has no partition {missing}: it has {all.Count}, from 0.");
        var holder = request is { KeyNamesPartition: true, Query.Range.Key: { Length: > 0 } key } ? Murmur2.Partition(key, all.Count) : default(int?);
        return [.. all.Where(partition => (request.Partitions?.Contains(partition.Partition.Value) ?? true) && (holder is null || holder == partition.Partition.Value))];
    }

    private static PartitionRange GoOn(PartitionRange range, PartitionRange all, Cursor cursor) => (cursor.Order, cursor.Offsets.TryGetValue(range.Partition, out var offset)) switch
    {
        (BrowseOrder.Newest, true) => range with { Until = Math.Min(range.Until, offset) },
        (BrowseOrder.Newest, false) => range with { Until = range.From },
        (_, true) => range with { From = Math.Max(all.From, offset) },
        (_, false) => range with { From = all.From },
    };

    private static async Task<IReadOnlyList<PartitionRange>> NarrowAsync(KafkaConnection kafka, IReadOnlyList<PartitionRange> ranges, QueryRange query, CancellationToken ct)
    {
        var narrowed = ranges.Select(range => !query.HasPartition(range.Partition.Partition.Value)
            ? range with { Until = range.From }
            : range with { From = Math.Max(range.From, query.FromOffset), Until = query.ToOffset < range.Until ? query.ToOffset + 1 : range.Until }).ToList();
        if (query.FromTime is not { } time || narrowed.All(range => range.IsEmpty))
            return narrowed;

        // Every record before the first that is not older than that time is older. Nothing of the kind holds at the other end, where producers set
        // the time: a record of yesterday may lie behind one of today, so that reading goes on.
        var first = await StartOffset.AtTimeAsync(kafka, time, ranges, ct);
        return [.. narrowed.Select(range => range with { From = Math.Max(range.From, first[range.Partition]) })];
    }
}
