using System.Threading.Channels;
using Confluent.Kafka;
using Garam.Operations.Connections;
using Garam.Operations.Messages;

namespace Garam.Operations.DeadLetters;

/// <summary>Letters at known offsets of a partition, in batches that are sent together: as many as can be lost sight of at once.</summary>
internal sealed class LetterBatches(KafkaConnection kafka, TimeProvider time, TopicPartition partition, IReadOnlyList<long> offsets, double? rate)
{
    private const int MaxLetters = 100;
    private const int MaxBytes = 4 * 1024 * 1024;

    private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(50);

    // A batch in a tenth of a second: a slow re-drive is a steady one.
    private readonly int _letters = rate is null ? MaxLetters : (int)Math.Clamp(rate.Value / 10, 1, MaxLetters);

    public IAsyncEnumerable<IReadOnlyList<DeadLetter>> ReadAsync(CancellationToken ct) =>
        BlockingWork.StreamAsync<IReadOnlyList<DeadLetter>>(kafka.Background, (batches, abandoned) => Read(batches, ct, abandoned), ct);

    private void Read(ChannelWriter<IReadOnlyList<DeadLetter>> batches, CancellationToken ct, CancellationToken abandoned)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct, abandoned);
        using var reader = new RecordReader(kafka, time, ReadAhead.Pages);
        var (batch, bytes) = (new List<DeadLetter>(), 0L);
        foreach (var record in LetterReader.RangesOf(partition, offsets).SelectMany(range => Records(reader, range, stop.Token)))
        {
            if (batch.Count > 0 && (batch.Count == _letters || bytes + record.Size > MaxBytes))
                Give();
            batch.Add(LetterReading.Read(record));
            bytes += record.Size;
        }

        if (batch.Count > 0)
            Give();

        void Give()
        {
            batches.WriteAsync(batch, stop.Token).AsTask().GetAwaiter().GetResult();
            (batch, bytes) = ([], 0);
        }
    }

    private IEnumerable<StoredRecord> Records(RecordReader reader, PartitionRange range, CancellationToken stop)
    {
        var wanted = 0;
        reader.Begin([range]);
        while (!reader.IsFinished)
        {
            stop.ThrowIfCancellationRequested();
            if (!reader.TryRead(Turn, out var record))
                continue;
            while (wanted < offsets.Count && offsets[wanted] < record.Offset)
                wanted++;
            if (wanted < offsets.Count && offsets[wanted] == record.Offset)
                yield return record;
        }
    }
}
