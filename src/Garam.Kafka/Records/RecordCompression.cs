using System.Buffers.Binary;
using Garam.Kafka.Compression;

namespace Garam.Kafka.Records;

/// <summary>Batches and their compression: only the records are compressed, the header never is.</summary>
public static class RecordCompression
{
    /// <summary>Decompresses the payload of <paramref name="batch"/> into a pooled buffer, which the caller disposes.</summary>
    /// <exception cref="InvalidDataException">The payload is damaged, or larger than <see cref="RecordCodec.MaxSize"/>.</exception>
    public static PooledBytes Decompress(RecordBatch batch)
    {
        var codec = RecordCodec.For(batch.Header.Attributes.Compression);
        var records = new PooledBytes(batch.Payload.Length, RecordCodec.MaxSize);
        try
        {
            codec.Decode(batch.Payload, records);
            return records;
        }
        catch
        {
            records.Dispose();
            throw;
        }
    }

    /// <summary>The same batch in another compression, summed anew, in a pooled buffer, which the caller disposes.</summary>
    /// <param name="batch">A batch whose records are well formed.</param>
    /// <param name="compression">What it is to have.</param>
    /// <param name="level">On the scale of that codec, as in <c>compression.*.level</c>; null: Kafka's default.</param>
    /// <exception cref="InvalidDataException">The payload is damaged.</exception>
    public static PooledBytes Recompress(RecordBatch batch, CompressionType compression, int? level = null)
    {
        using var decompressed = batch.Header.Attributes.Compression == CompressionType.None ? null : Decompress(batch);
        var records = decompressed is null ? batch.Payload : decompressed.Bytes;
        var target = new PooledBytes(RecordBatchHeader.Size + records.Length, int.MaxValue);
        try
        {
            batch.Bytes[..RecordBatchHeader.Size].CopyTo(target.Append(RecordBatchHeader.Size));
            if (compression == CompressionType.None)
            {
                records.CopyTo(target.Append(records.Length));
            }
            else
            {
                RecordCodec.For(compression).Encode(records, target, level);
            }
            Seal(target.Bytes, batch.Header, compression);
            return target;
        }
        catch
        {
            target.Dispose();
            throw;
        }
    }

    private static void Seal(Span<byte> bytes, in RecordBatchHeader header, CompressionType compression)
    {
        var attributes = header.Attributes.With(compression);
        BinaryPrimitives.WriteInt32BigEndian(bytes[RecordBatchHeader.LengthAt..], bytes.Length - RecordBatchHeader.LengthOverhead);
        BinaryPrimitives.WriteInt16BigEndian(bytes[RecordBatchHeader.AttributesAt..], attributes.Bits);
        RecordBatch.SetTimestamp(bytes, attributes.TimestampType, header.MaxTimestamp);
    }
}
