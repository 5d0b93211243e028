using System.Buffers.Binary;

namespace Garam.Kafka.Records;

/// <summary>The fixed part of a record batch, copied out of its first 61 bytes. Reading one says nothing about the rest of the batch.</summary>
/// <remarks>
/// <code>
///  0        8       12      16   17     21      23        27         35        43          51     53        57     61
///  +--------+-------+-------+----+------+-------+---------+----------+---------+-----------+------+---------+------+---------
///  | base   | batch | leader| ma-| crc  | attri-| last    | base     | max     | producer  | prod.| base    | rec- | records
///  | offset | length| epoch | gic| 32c  | butes | offset  | timestamp| timestmp| id        | epoch| sequence| ords | ...
///  |        |       |       | 2  |      |       | delta   |          |         |           |      |         |      |
///  +--------+-------+-------+----+------+-------+---------+----------+---------+-----------+------+---------+------+---------
///           the broker patches the base offset and the leader epoch: the checksum covers only what follows it
/// </code>
/// </remarks>
public readonly record struct RecordBatchHeader
{
    /// <summary>Bytes before the records.</summary>
    public const int Size = 61;

    /// <summary>Bytes that the batch length does not count: the base offset and the length itself.</summary>
    public const int LengthOverhead = 12;

    internal const int LengthAt = 8, LeaderEpochAt = 12, MagicAt = 16, CrcAt = 17, AttributesAt = 21, LastOffsetDeltaAt = 23, BaseTimestampAt = 27,
        MaxTimestampAt = 35, ProducerIdAt = 43, ProducerEpochAt = 51, BaseSequenceAt = 53, RecordCountAt = 57;

    /// <summary>Offset of the first record, also when compaction has taken that record away.</summary>
    public long BaseOffset { get; private init; }

    /// <summary>Bytes of the whole batch.</summary>
    public long SizeInBytes { get; private init; }

    public int PartitionLeaderEpoch { get; private init; }

    /// <summary>Format version: 2 is the only one that is written since Kafka 0.11.</summary>
    public sbyte Magic { get; private init; }

    public uint Crc { get; private init; }

    public BatchAttributes Attributes { get; private init; }

    public int LastOffsetDelta { get; private init; }

    /// <summary>Milliseconds since 1970 that record timestamps are relative to, or the delete horizon where <see cref="BatchAttributes.HasDeleteHorizon"/> says so.</summary>
    public long BaseTimestamp { get; private init; }

    public long MaxTimestamp { get; private init; }

    /// <summary>-1 when the producer is not idempotent.</summary>
    public long ProducerId { get; private init; }

    public short ProducerEpoch { get; private init; }

    public int BaseSequence { get; private init; }

    public int RecordCount { get; private init; }

    public long LastOffset => BaseOffset + LastOffsetDelta;

    public long NextOffset => LastOffset + 1;

    public bool HasProducerId => ProducerId >= 0;

    public int LastSequence => ProducerSequence.Add(BaseSequence, LastOffsetDelta);

    /// <summary>Copies the header out of <paramref name="bytes"/>, which holds at least <see cref="Size"/> bytes. Nothing is checked.</summary>
    public static RecordBatchHeader Read(ReadOnlySpan<byte> bytes)
    {
        bytes = bytes[..Size];
        return new RecordBatchHeader
        {
            BaseOffset = BinaryPrimitives.ReadInt64BigEndian(bytes),
            SizeInBytes = (long)BinaryPrimitives.ReadInt32BigEndian(bytes[LengthAt..]) + LengthOverhead,
            PartitionLeaderEpoch = BinaryPrimitives.ReadInt32BigEndian(bytes[LeaderEpochAt..]),
            Magic = (sbyte)bytes[MagicAt],
            Crc = BinaryPrimitives.ReadUInt32BigEndian(bytes[CrcAt..]),
            Attributes = new BatchAttributes(BinaryPrimitives.ReadInt16BigEndian(bytes[AttributesAt..])),
            LastOffsetDelta = BinaryPrimitives.ReadInt32BigEndian(bytes[LastOffsetDeltaAt..]),
            BaseTimestamp = BinaryPrimitives.ReadInt64BigEndian(bytes[BaseTimestampAt..]),
            MaxTimestamp = BinaryPrimitives.ReadInt64BigEndian(bytes[MaxTimestampAt..]),
            ProducerId = BinaryPrimitives.ReadInt64BigEndian(bytes[ProducerIdAt..]),
            ProducerEpoch = BinaryPrimitives.ReadInt16BigEndian(bytes[ProducerEpochAt..]),
            BaseSequence = BinaryPrimitives.ReadInt32BigEndian(bytes[BaseSequenceAt..]),
            RecordCount = BinaryPrimitives.ReadInt32BigEndian(bytes[RecordCountAt..]),
        };
    }
}
