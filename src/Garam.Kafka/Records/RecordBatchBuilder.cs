using System.Buffers.Binary;

namespace Garam.Kafka.Records;

/// <summary>
/// Writes one uncompressed batch: the records of internal topics, and what compaction leaves of a batch. The buffer is reused after
/// <see cref="Reset"/>; not for several threads.
/// </summary>
public sealed class RecordBatchBuilder
{
    private byte[] _buffer = new byte[1024];
    private int _length = RecordBatchHeader.Size;
    private int _count;
    private int _lastDelta = -1;
    private long? _baseTimestamp;
    private long _maxTimestamp = -1;

    /// <summary>Offset of the first record. A log replaces it when it appends the batch. Default: 0.</summary>
    public long BaseOffset { get; init; }

    /// <summary>Flags of the batch; records are written as they are, whatever compression the flags name. Default: none.</summary>
    public BatchAttributes Attributes { get; init; }

    /// <summary>-1 (the default): not of an idempotent producer.</summary>
    public long ProducerId { get; init; } = -1;

    public short ProducerEpoch { get; init; } = -1;

    public int BaseSequence { get; init; } = -1;

    public int Count => _count;

    /// <summary>Bytes of the batch so far.</summary>
    public int SizeInBytes => _length;

    /// <summary>Adds a record at the next offset.</summary>
    public void Add(long timestamp, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) => Add(new Record
    {
        Offset = BaseOffset + _lastDelta + 1,
        Timestamp = timestamp,
        Key = key,
        HasKey = true,
        Value = value,
        HasValue = true,
        HeaderCount = 0,
        EncodedHeaders = default,
    });

    /// <summary>Adds a record without a value at the next offset: it deletes <paramref name="key"/> from a compacted topic.</summary>
    public void AddTombstone(long timestamp, ReadOnlySpan<byte> key) => Add(new Record
    {
        Offset = BaseOffset + _lastDelta + 1,
        Timestamp = timestamp,
        Key = key,
        HasKey = true,
        Value = default,
        HasValue = false,
        HeaderCount = 0,
        EncodedHeaders = default,
    });

    /// <summary>Adds a copy of <paramref name="record"/>, offset included: offsets must grow, and may leave gaps.</summary>
    public void Add(in Record record)
    {
        _baseTimestamp ??= record.Timestamp;
        var delta = (int)(record.Offset - BaseOffset);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(delta, _lastDelta, nameof(record));
        var timestampDelta = record.Timestamp - _baseTimestamp.Value;
        var body = 1 + Varint.SizeOf(timestampDelta) + Varint.SizeOf(delta) + SizeOf(record.HasKey, record.Key) + SizeOf(record.HasValue, record.Value)
            + Varint.SizeOf(record.HeaderCount) + record.EncodedHeaders.Length;
        Reserve(Varint.MaxSize + body);
        Write(body);
        _buffer[_length++] = 0;
        Write(timestampDelta);
        Write(delta);
        Write(record.HasKey, record.Key);
        Write(record.HasValue, record.Value);
        Write(record.HeaderCount);
        WriteRaw(record.EncodedHeaders);
        _lastDelta = delta;
        _maxTimestamp = Math.Max(_maxTimestamp, record.Timestamp);
        _count++;
    }

    /// <summary>The finished batch, in the builder's own buffer: it may be patched, and is gone after <see cref="Reset"/>.</summary>
    public Span<byte> Build() => Build(_lastDelta);

    /// <summary>The finished batch with a last offset of its own, for batches whose last records compaction has taken away.</summary>
    public Span<byte> Build(int lastOffsetDelta)
    {
        var batch = _buffer.AsSpan(0, _length);
        BinaryPrimitives.WriteInt32BigEndian(batch[RecordBatchHeader.LengthAt..], _length - RecordBatchHeader.LengthOverhead);
        batch[RecordBatchHeader.MagicAt] = 2;
        BinaryPrimitives.WriteInt32BigEndian(batch[RecordBatchHeader.LastOffsetDeltaAt..], lastOffsetDelta);
        BinaryPrimitives.WriteInt64BigEndian(batch[RecordBatchHeader.BaseTimestampAt..], _baseTimestamp ?? -1);
        BinaryPrimitives.WriteInt64BigEndian(batch[RecordBatchHeader.ProducerIdAt..], ProducerId);
        BinaryPrimitives.WriteInt16BigEndian(batch[RecordBatchHeader.ProducerEpochAt..], ProducerEpoch);
        BinaryPrimitives.WriteInt32BigEndian(batch[RecordBatchHeader.BaseSequenceAt..], BaseSequence);
        BinaryPrimitives.WriteInt32BigEndian(batch[RecordBatchHeader.RecordCountAt..], _count);
        BinaryPrimitives.WriteInt16BigEndian(batch[RecordBatchHeader.AttributesAt..], Attributes.Bits);
        RecordBatch.Place(batch, BaseOffset, leaderEpoch: -1);
        RecordBatch.SetTimestamp(batch, Attributes.TimestampType, _maxTimestamp);
        return batch;
    }

    /// <summary>Sets what record timestamps are relative to, before the first record is added: compaction keeps a delete horizon there.</summary>
    public void StartAt(long timestamp)
    {
        if (_count > 0)
        {
            throw new InvalidOperationException("the base timestamp is set before the first record is added");
        }
        _baseTimestamp = timestamp;
    }

    /// <summary>Forgets all records and keeps the buffer.</summary>
    public void Reset()
    {
        _length = RecordBatchHeader.Size;
        _count = 0;
        _lastDelta = -1;
        _baseTimestamp = null;
        _maxTimestamp = -1;
    }

    private static int SizeOf(bool present, ReadOnlySpan<byte> bytes) => present ? Varint.SizeOf(bytes.Length) + bytes.Length : 1;

    private void Write(bool present, ReadOnlySpan<byte> bytes)
    {
        Write(present ? bytes.Length : -1);
        if (present)
        {
            WriteRaw(bytes);
        }
    }

    private void Write(long value) => _length += Varint.Write(_buffer.AsSpan(_length), value);

    private void WriteRaw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += bytes.Length;
    }

    private void Reserve(int more)
    {
        if (_buffer.Length - _length < more)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + more));
        }
    }
}
