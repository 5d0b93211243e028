using Confluent.Kafka;
using Garam.Operations.Connections;
using Garam.Operations.Messages;

namespace Garam.Operations.DeadLetters;

/// <summary>Reads ranges of partitions from one end to the other.</summary>
internal static class LetterReader
{
    // Of records that lie far apart, what is between them is not read: to begin anew costs as much as a thousand of them.
    private const long MaxGap = 1_000;
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(50);

    /// <summary>Calls <paramref name="take"/> for each record, on one thread, in the order of its partition.</summary>
    /// <exception cref="OperationException">A topic was deleted, or the brokers went away.</exception>
    public static async Task ReadAsync(KafkaConnection kafka, TimeProvider time, IReadOnlyCollection<PartitionRange> ranges, Action<StoredRecord> take, CancellationToken ct)
    {
        if (ranges.Any(range => !range.IsEmpty))
            await OnOwnThread(kafka, time, ReadAhead.Scan, reader => Read(reader, ranges, take, ct));
    }

    /// <summary>Calls <paramref name="take"/> for each of these places at which there is a record.</summary>
    /// <exception cref="OperationException">A topic was deleted, or the brokers went away.</exception>
    public static async Task ReadAtAsync(KafkaConnection kafka, TimeProvider time, IReadOnlyCollection<StoredPlace> places, Action<StoredRecord> take, CancellationToken ct)
    {
        var wanted = places.ToHashSet();
        var partitions = places.GroupBy(place => new TopicPartition(place.Topic, place.Partition))
            .Select(same => RangesOf(same.Key, [.. same.Select(place => place.Offset).Order()]).ToList()).ToList();
        await OnOwnThread(kafka, time, ReadAhead.Pages, reader =>
        {
            for (var round = 0; round < partitions.Max(ranges => ranges.Count); round++)
                Read(reader, [.. partitions.Where(ranges => ranges.Count > round).Select(ranges => ranges[round])], TakeWanted, ct);
        });

        void TakeWanted(StoredRecord record)
        {
            if (wanted.Contains(record.Place))
                take(record);
        }
    }

    /// <summary>Ranges that hold these offsets and not much else.</summary>
    public static IEnumerable<PartitionRange> RangesOf(TopicPartition partition, IReadOnlyList<long> offsets)
    {
        for (var (first, at) = (0, 1); at <= offsets.Count; at++)
        {
            if (at < offsets.Count && offsets[at] - offsets[at - 1] <= MaxGap)
                continue;
            yield return new PartitionRange(partition, offsets[first], offsets[at - 1] + 1);
            first = at;
        }
    }

    private static Task OnOwnThread(KafkaConnection kafka, TimeProvider time, ReadAhead ahead, Action<RecordReader> read) => BlockingWork.OnThreadAsync(
        kafka.Background,
        () =>
        {
            using var reader = new RecordReader(kafka, time, ahead);
            read(reader);
            return true;
        });

    private static void Read(RecordReader reader, IReadOnlyCollection<PartitionRange> ranges, Action<StoredRecord> take, CancellationToken ct)
    {
        reader.Begin(ranges);
        while (!reader.IsFinished)
        {
            ct.ThrowIfCancellationRequested();
            if (reader.TryRead(Turn, out var record))
                take(record);
        }
    }
}
