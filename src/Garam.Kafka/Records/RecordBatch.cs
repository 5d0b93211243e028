using System.Buffers.Binary;

namespace Garam.Kafka.Records;

/// <summary>A view of one whole record batch (format version 2) inside a buffer. Nothing is copied but the header.</summary>
public readonly ref struct RecordBatch
{
    private RecordBatch(RecordBatchHeader header, ReadOnlySpan<byte> bytes)
    {
        Header = header;
        Bytes = bytes;
    }

    public RecordBatchHeader Header { get; }

    /// <summary>The whole batch.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>The records, compressed as <see cref="BatchAttributes.Compression"/> says.</summary>
    public ReadOnlySpan<byte> Payload => Bytes[RecordBatchHeader.Size..];

    /// <summary>True when the bytes are those that the producer summed. Batches from disk or from a client are not trusted before.</summary>
    public bool HasValidCrc => Crc32C.Compute(Bytes[RecordBatchHeader.AttributesAt..]) == Header.Crc;

    /// <summary>The first batch of <paramref name="bytes"/>; false when it is cut off, its length is impossible or its magic is not 2.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out RecordBatch batch)
    {
        batch = default;
        if (bytes.Length < RecordBatchHeader.Size)
        {
            return false;
        }
        var header = RecordBatchHeader.Read(bytes);
        if (header.SizeInBytes < RecordBatchHeader.Size || header.SizeInBytes > bytes.Length || header.Magic != 2)
        {
            return false;
        }
        batch = new RecordBatch(header, bytes[..(int)header.SizeInBytes]);
        return true;
    }

    /// <summary>The records, where they lie in the batch.</summary>
    /// <exception cref="NotSupportedException">They are compressed: go through <see cref="RecordCompression"/>.</exception>
    public RecordReader ReadRecords() => Header.Attributes.Compression == CompressionType.None
        ? ReadRecords(Payload)
        : throw new NotSupportedException($"the batch is compressed ({Header.Attributes.Compression}): decompress its payload first");

    /// <summary>The records of this batch out of <paramref name="payload"/>, which is <see cref="Payload"/> after decompression.</summary>
    public RecordReader ReadRecords(ReadOnlySpan<byte> payload) => new(Header, payload);

    /// <summary>Puts a batch at its place in a log, without touching what its checksum covers.</summary>
    public static void Place(Span<byte> batch, long baseOffset, int leaderEpoch)
    {
        BinaryPrimitives.WriteInt64BigEndian(batch, baseOffset);
        BinaryPrimitives.WriteInt32BigEndian(batch[RecordBatchHeader.LeaderEpochAt..], leaderEpoch);
    }

    /// <summary>Sets whose clock the batch follows and its greatest timestamp, and sums it anew.</summary>
    public static void SetTimestamp(Span<byte> batch, TimestampType type, long maxTimestamp)
    {
        var attributes = new BatchAttributes(BinaryPrimitives.ReadInt16BigEndian(batch[RecordBatchHeader.AttributesAt..])).With(type);
        BinaryPrimitives.WriteInt16BigEndian(batch[RecordBatchHeader.AttributesAt..], attributes.Bits);
        BinaryPrimitives.WriteInt64BigEndian(batch[RecordBatchHeader.MaxTimestampAt..], maxTimestamp);
        BinaryPrimitives.WriteUInt32BigEndian(batch[RecordBatchHeader.CrcAt..], Crc32C.Compute(batch[RecordBatchHeader.AttributesAt..]));
    }
}
