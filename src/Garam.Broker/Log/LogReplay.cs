using System.Buffers;
using Garam.Kafka;
using Garam.Kafka.Records;

namespace Garam.Broker.Log;

/// <summary>Gives the records of an internal log, from its start, to those who keep their state in it.</summary>
internal static class LogReplay
{
    private const int InitialBuffer = 256 * 1024;

    internal delegate void RecordAction(in Record record);

    /// <summary>Calls <paramref name="action"/> for every record up to the high watermark, in order. For uncompressed logs: the broker's own.</summary>
    /// <exception cref="IOException">The log cannot be read.</exception>
    public static void Replay(PartitionLog log, RecordAction action)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(InitialBuffer);
        try
        {
            for (var offset = log.LogStartOffset; ;)
            {
                var read = log.Read(offset, IsolationLevel.ReadUncommitted, buffer);
                if (read.Error != ErrorCode.None) throw new IOException($"{log.Name} cannot be read at offset {offset}: {read.Error}.");
                if (read.BytesNeeded > 0)
                {
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = ArrayPool<byte>.Shared.Rent(read.BytesNeeded);
                    continue;
                }
                if (read.Bytes == 0) return;
                offset = ReplayBatches(log.Name, buffer.AsSpan(0, read.Bytes), offset, action);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static long ReplayBatches(TopicPartition log, ReadOnlySpan<byte> bytes, long from, RecordAction action)
    {
        while (RecordBatch.TryRead(bytes, out var batch))
        {
            if (!batch.HasValidCrc) throw new IOException($"{log} is damaged at offset {batch.Header.BaseOffset}: restore its directory from a copy.");
            for (var records = batch.ReadRecords(); records.TryRead(out var record);)
            {
                if (record.Offset >= from) action(record);
            }
            from = batch.Header.LastOffset + 1;
            bytes = bytes[batch.Bytes.Length..];
        }
        return from;
    }
}
