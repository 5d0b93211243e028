using System.Buffers.Binary;
using Garam.Kafka.Records;

namespace Garam.Broker.Log;

/// <summary>
/// Reads every batch of a segment file that may be damaged. What is not a whole batch with a valid checksum is damage, and the walk goes on at the next one that is:
/// <code>
/// | batch | batch |  damage  | batch |        one step each
/// </code>
/// </summary>
internal sealed class BatchWalk(LogFile file, long size, long baseOffset, long start = 0)
{
    private const int WindowBytes = 256 * 1024;
    private readonly long _baseOffset = baseOffset;
    private byte[] _window = new byte[WindowBytes];
    private long _windowStart;
    private int _windowLength;

    /// <summary>Where the present step begins in the file, and how many bytes it has.</summary>
    public (long Position, long Length) Range { get; private set; } = (start, 0);

    /// <summary>Batches count whatever their base offset is: else one that cannot be in this segment is damage.</summary>
    public bool TakesAnyOffset { get; init; }

    public bool IsDamage { get; private set; }

    /// <summary>The offset after the last whole batch. Batches are not required to be in order: their checksums do not cover their offsets.</summary>
    public long NextOffset { get; private set; } = baseOffset;

    /// <summary>Of damage: the batch that it begins with, where that is whole and only its checksum does not match; null where it is not.</summary>
    public RecordBatchHeader? Mismatched => IsDamage && TryReadHeader(Range.Position, out var header) && header.SizeInBytes <= Range.Length ? header : null;

    /// <summary>The batch of this step, until the next one. Not for damage.</summary>
    public RecordBatch Batch => RecordBatch.TryRead(Window(Range.Position, (int)Range.Length), out var batch) ? batch : throw new InvalidOperationException("this step is damage");

    public bool MoveNext()
    {
        var position = Range.Position + Range.Length;
        if (position >= size)
        {
            return false;
        }
        IsDamage = !TryReadAt(position, out var header);
        Range = (position, IsDamage ? FindBatch(position + 1) - position : header.SizeInBytes);
        NextOffset = IsDamage ? NextOffset : header.NextOffset;
        return true;
    }

    private long FindBatch(long position)
    {
        for (; size - position >= RecordBatchHeader.Size; position++)
        {
            if (TryReadAt(position, out _))
            {
                return position;
            }
        }
        return size;
    }

    private bool TryReadAt(long position, out RecordBatchHeader header) =>
        TryReadHeader(position, out header) && RecordBatch.TryRead(Window(position, (int)header.SizeInBytes), out var batch) && batch.HasValidCrc;

    /// <summary>The header of what could be a batch: its checksum is not looked at.</summary>
    private bool TryReadHeader(long position, out RecordBatchHeader header)
    {
        header = default;
        var bytes = Window(position, RecordBatchHeader.Size);
        if (bytes.Length < RecordBatchHeader.Size || (!TakesAnyOffset && BinaryPrimitives.ReadInt64BigEndian(bytes) - _baseOffset is < 0 or > int.MaxValue))
        {
            return false;
        }
        header = RecordBatchHeader.Read(bytes);
        return header.Magic == 2 && header.SizeInBytes >= RecordBatchHeader.Size && header.SizeInBytes <= size - position && header.LastOffsetDelta >= 0;
    }

    /// <summary>Bytes of the file; fewer at its end.</summary>
    private ReadOnlySpan<byte> Window(long position, int length)
    {
        if (position < _windowStart || position + length > _windowStart + _windowLength)
        {
            if (length > _window.Length)
            {
                _window = new byte[length];
            }
            _windowLength = file.Read(_window.AsSpan(0, (int)Math.Min(_window.Length, size - position)), position);
            _windowStart = position;
        }
        var offset = (int)(position - _windowStart);
        return _window.AsSpan(offset, Math.Min(length, _windowLength - offset));
    }
}
