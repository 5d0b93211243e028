using Garam.Operations.Connections;
using Garam.Operations.Messages;

namespace Garam.Operations.DeadLetters;

/// <summary>Reads ranges of partitions from one end to the other.</summary>
internal static class LetterReader
{
    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(50);

    /// <summary>Calls <paramref name="take"/> for each record, on one thread, in the order of its partition.</summary>
    /// <exception cref="OperationException">A topic was deleted, or the brokers went away.</exception>
    public static async Task ReadAsync(KafkaConnection kafka, TimeProvider time, IReadOnlyCollection<PartitionRange> ranges, Action<StoredRecord> take, CancellationToken ct)
    {
        if (ranges.All(range => range.IsEmpty))
            return;
        await Task.Factory.StartNew(() => Read(kafka, time, ranges, take, ct), ct, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private static void Read(KafkaConnection kafka, TimeProvider time, IReadOnlyCollection<PartitionRange> ranges, Action<StoredRecord> take, CancellationToken ct)
    {
        using var reader = new RecordReader(kafka, time, ReadAhead.Scan);
        reader.Begin(ranges);
        while (!reader.IsFinished)
        {
            ct.ThrowIfCancellationRequested();
            if (reader.TryRead(Turn, out var record))
                take(record);
        }
    }
}
