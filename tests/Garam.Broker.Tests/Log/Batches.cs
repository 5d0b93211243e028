using System.Text;
using Garam.Broker.Log;
using Garam.Kafka.Records;

namespace Garam.Broker.Tests.Log;

/// <summary>Batches as a producer sends them.</summary>
internal static class Batches
{
    public static byte[] Of(params string[] values) => Of(1_000, values);

    public static byte[] Of(long timestamp, params string[] values)
    {
        var builder = new RecordBatchBuilder();
        foreach (var value in values)
        {
            builder.Add(timestamp, "key"u8, Encoding.UTF8.GetBytes(value));
        }
        return builder.Build().ToArray();
    }

    public static byte[] Sequenced(long producerId, short epoch, int sequence, int count = 1)
    {
        var builder = new RecordBatchBuilder { ProducerId = producerId, ProducerEpoch = epoch, BaseSequence = sequence };
        for (var index = 0; index < count; index++)
        {
            builder.Add(1_000, "key"u8, Encoding.UTF8.GetBytes($"{producerId}/{epoch}/{sequence + index}"));
        }
        return builder.Build().ToArray();
    }

    public static byte[] Keyed(long timestamp, string key, string? value)
    {
        var builder = new RecordBatchBuilder();
        if (value is null)
        {
            builder.AddTombstone(timestamp, Encoding.UTF8.GetBytes(key));
        }
        else
        {
            builder.Add(timestamp, Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(value));
        }
        return builder.Build().ToArray();
    }

    /// <summary>Everything that a consumer sees from <paramref name="offset"/> on, reading <paramref name="chunk"/> bytes at a time.</summary>
    public static List<SeenRecord> ReadAll(PartitionLog log, long offset = 0, int chunk = 64 * 1024)
    {
        var seen = new List<SeenRecord>();
        var buffer = new byte[chunk];
        while (true)
        {
            var result = log.Read(offset, IsolationLevel.ReadUncommitted, buffer);
            result.Error.ShouldBe(Kafka.ErrorCode.None);
            if (result.BytesNeeded > 0)
            {
                buffer = new byte[result.BytesNeeded];
                continue;
            }
            if (result.Bytes == 0)
            {
                return seen;
            }
            offset = Decode(buffer.AsSpan(0, result.Bytes), offset, seen);
        }
    }

    private static long Decode(ReadOnlySpan<byte> bytes, long from, List<SeenRecord> seen)
    {
        while (!bytes.IsEmpty)
        {
            RecordBatch.TryRead(bytes, out var batch).ShouldBeTrue("only whole batches are served");
            batch.HasValidCrc.ShouldBeTrue();
            var records = batch.ReadRecords();
            while (records.TryRead(out var record))
            {
                if (record.Offset >= from)
                {
                    seen.Add(new SeenRecord(record.Offset, record.Timestamp, Text(record.HasKey, record.Key), Text(record.HasValue, record.Value)));
                }
            }
            records.IsComplete.ShouldBeTrue();
            from = batch.Header.NextOffset;
            bytes = bytes[batch.Bytes.Length..];
        }
        return from;
    }

    private static string? Text(bool present, ReadOnlySpan<byte> bytes) => present ? Encoding.UTF8.GetString(bytes) : null;
}

internal sealed record SeenRecord(long Offset, long Timestamp, string? Key, string? Value);
