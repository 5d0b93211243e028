namespace Garam.Kafka.Records;

/// <summary>The flags of a record batch.</summary>
public readonly record struct BatchAttributes(short Bits)
{
    private const short CompressionMask = 0x07, LogAppendTimeBit = 0x08, TransactionalBit = 0x10, ControlBit = 0x20, DeleteHorizonBit = 0x40;

    public CompressionType Compression => (CompressionType)(Bits & CompressionMask);

    public TimestampType TimestampType => (Bits & LogAppendTimeBit) != 0 ? TimestampType.LogAppendTime : TimestampType.CreateTime;

    public bool IsTransactional => (Bits & TransactionalBit) != 0;

    /// <summary>The batch holds a transaction marker, not records of a producer.</summary>
    public bool IsControl => (Bits & ControlBit) != 0;

    /// <summary>Compaction has set the base timestamp to the time from which tombstones of this batch may go (KIP-534).</summary>
    public bool HasDeleteHorizon => (Bits & DeleteHorizonBit) != 0;

    public BatchAttributes With(CompressionType compression) => new((short)((Bits & ~CompressionMask) | (int)compression));

    public BatchAttributes With(TimestampType type) => new((short)(type == TimestampType.LogAppendTime ? Bits | LogAppendTimeBit : Bits & ~LogAppendTimeBit));

    public BatchAttributes WithDeleteHorizon() => new((short)(Bits | DeleteHorizonBit));

    public BatchAttributes AsTransactional() => new((short)(Bits | TransactionalBit));

    public BatchAttributes AsControl() => new((short)(Bits | ControlBit));
}
