using System.Buffers.Binary;

namespace Garam.Kafka.Records;

/// <summary>
/// Validates a batch from a client once, before it is written; it is not looked into again. Records are walked in place, those of compressed
/// batches after decompression.
/// </summary>
public static class RecordBatchValidator
{
    /// <summary>Null when <paramref name="bytes"/> is exactly one batch that may be appended.</summary>
    /// <param name="bytes">The whole record set of one partition of a produce request.</param>
    /// <param name="rules">What the topic asks.</param>
    /// <param name="header">The header of the batch.</param>
    /// <param name="maxTimestamp">The greatest timestamp of its records, which may differ from what its header says.</param>
    public static RecordBatchFault? Validate(ReadOnlySpan<byte> bytes, in RecordBatchRules rules, out RecordBatchHeader header, out long maxTimestamp)
    {
        header = default;
        maxTimestamp = -1;
        if (CheckFrame(bytes) is { } fault)
        {
            return fault;
        }
        header = RecordBatchHeader.Read(bytes);
        maxTimestamp = header.MaxTimestamp;
        return CheckHeader(bytes, header) ?? CheckRecords(bytes, rules, header, ref maxTimestamp);
    }

    /// <summary>In Kafka's order: what is cut off is no batch, and so an invalid record set; what contradicts itself is corrupt.</summary>
    private static RecordBatchFault? CheckFrame(ReadOnlySpan<byte> bytes)
    {
        const int smallestOfAnyFormat = 14;
        if (bytes.Length <= RecordBatchHeader.MagicAt)
        {
            return RecordBatchFault.Of(ErrorCode.InvalidRecord, "a record set must hold exactly one whole record batch");
        }
        var length = BinaryPrimitives.ReadInt32BigEndian(bytes[RecordBatchHeader.LengthAt..]);
        var size = length + (long)RecordBatchHeader.LengthOverhead;
        if (length < smallestOfAnyFormat)
        {
            return RecordBatchFault.Of(ErrorCode.CorruptMessage, $"a batch that claims a length of {length} bytes");
        }
        if (size > bytes.Length)
        {
            return RecordBatchFault.Of(ErrorCode.InvalidRecord, $"a batch that claims {size} bytes in a record set of {bytes.Length}");
        }
        if (bytes[RecordBatchHeader.MagicAt] != 2)
        {
            return RecordBatchFault.Of(ErrorCode.InvalidRecord, $"record format {bytes[RecordBatchHeader.MagicAt]} is not taken: only 2 is");
        }
        if (size < bytes.Length)
        {
            return RecordBatchFault.Of(ErrorCode.InvalidRecord, "a record set must hold exactly one record batch");
        }
        return size < RecordBatchHeader.Size ? RecordBatchFault.Of(ErrorCode.CorruptMessage, $"a batch of {size} bytes") : null;
    }

    private static RecordBatchFault? CheckHeader(ReadOnlySpan<byte> bytes, in RecordBatchHeader header)
    {
        if (Crc32C.Compute(bytes[RecordBatchHeader.AttributesAt..]) != header.Crc)
        {
            return RecordBatchFault.Of(ErrorCode.CorruptMessage, "the checksum of the batch does not fit its bytes");
        }
        if (header.RecordCount <= 0 || header.LastOffsetDelta != header.RecordCount - 1)
        {
            return RecordBatchFault.Of(ErrorCode.InvalidRecord, $"a batch of {header.RecordCount} records whose last offset delta is {header.LastOffsetDelta}");
        }
        if (header.Attributes.IsControl)
        {
            return RecordBatchFault.Of(ErrorCode.InvalidRecord, "clients do not write control batches");
        }
        if (header.Attributes.TimestampType == TimestampType.LogAppendTime)
        {
            return RecordBatchFault.Of(ErrorCode.InvalidTimestamp, "producers do not set the timestamp type to LogAppendTime");
        }
        if (header.Attributes.Compression > CompressionType.Zstd)
        {
            return RecordBatchFault.Of(ErrorCode.InvalidRecord, $"compression {(int)header.Attributes.Compression} is unknown");
        }
        return header.HasProducerId && (header.BaseSequence < 0 || header.ProducerEpoch < 0)
            ? RecordBatchFault.Of(ErrorCode.InvalidRecord, $"an idempotent batch of epoch {header.ProducerEpoch} and sequence {header.BaseSequence}")
            : null;
    }

    private static RecordBatchFault? CheckRecords(ReadOnlySpan<byte> bytes, in RecordBatchRules rules, in RecordBatchHeader header, ref long maxTimestamp)
    {
        var compression = header.Attributes.Compression;
        if (!RecordBatch.TryRead(bytes, out var batch))
        {
            return null;
        }
        if (compression == CompressionType.None)
        {
            return Walk(batch.ReadRecords(), rules, header, out maxTimestamp);
        }
        try
        {
            using var records = RecordCompression.Decompress(batch);
            return Walk(batch.ReadRecords(records.Bytes), rules, header, out maxTimestamp);
        }
        catch (InvalidDataException damaged)
        {
            return RecordBatchFault.Of(ErrorCode.CorruptMessage, $"the records do not decompress: {damaged.Message}");
        }
    }

    private static RecordBatchFault? Walk(RecordReader records, in RecordBatchRules rules, in RecordBatchHeader header, out long maxTimestamp)
    {
        maxTimestamp = -1;
        List<RecordFault>? faults = null;
        var error = ErrorCode.InvalidRecord;
        var index = 0;
        for (; records.TryRead(out var record); index++)
        {
            maxTimestamp = Math.Max(maxTimestamp, record.Timestamp);
            if (record.Offset - header.BaseOffset != index)
            {
                return RecordBatchFault.Of(ErrorCode.InvalidRecord, $"record {index} has the offset delta {record.Offset - header.BaseOffset}");
            }
            if (FaultOf(record, rules, ref error) is { } message && (faults ??= []).Count < RecordBatchFault.MaxRecords)
            {
                faults.Add(new RecordFault(index, message));
            }
        }
        if (!records.IsComplete)
        {
            return RecordBatchFault.Of(ErrorCode.InvalidRecord, $"the batch is malformed at record {index} of {header.RecordCount}");
        }
        return faults is null ? null : new RecordBatchFault(error, faults[0].Message, faults);
    }

    private static string? FaultOf(in Record record, in RecordBatchRules rules, ref ErrorCode error)
    {
        if (rules.RequireKeys && !record.HasKey)
        {
            return "a compacted topic takes no record without a key";
        }
        if (rules.TimestampType == TimestampType.CreateTime && record.Timestamp != -1 && (record.Timestamp < rules.NotBefore || record.Timestamp > rules.NotAfter))
        {
            error = ErrorCode.InvalidTimestamp;
            return $"the timestamp {record.Timestamp} is outside of the range {rules.NotBefore} to {rules.NotAfter} that the topic takes";
        }
        return null;
    }
}
