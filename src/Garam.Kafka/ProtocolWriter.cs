using System.Buffers;
using System.Buffers.Binary;

namespace Garam.Kafka;

/// <summary>
/// Writes the primitive types of the Kafka protocol into one growing pooled buffer. Record sets of some size are not copied into it:
/// they are remembered where they belong and come out as segments of their own.
/// </summary>
/// <remarks>
/// <code>
/// buffer    | size, header, fields ... | more fields ... |
/// borrowed                             ^ record set      ^ record set
/// Segments    fields, record set, fields, record set       in the order of the wire
/// </code>
/// Usage: construct, <see cref="BeginFrame"/>, write, <see cref="EndFrame"/>, send <see cref="GetSegment"/> 0 to
/// <see cref="SegmentCount"/> - 1, <see cref="Dispose"/>. Not thread-safe. It is a mutable struct: keep it in one place, pass it by ref.
/// </remarks>
public struct ProtocolWriter : IDisposable
{
    /// <summary>Below this size copying a record set costs less than one more segment to send.</summary>
    private const int SmallestBorrow = 1024;

    private byte[] _buffer;
    private int _position;
    private List<Borrowed>? _borrowed;
    private int _borrowedBytes;

    /// <summary>A writer that starts with 512 bytes.</summary>
    public ProtocolWriter() : this(512)
    {
    }

    /// <param name="initialCapacity">Bytes to start with; the buffer doubles when it is full.</param>
    public ProtocolWriter(int initialCapacity) => _buffer = ArrayPool<byte>.Shared.Rent(initialCapacity);

    /// <summary>Bytes written so far, borrowed record sets included.</summary>
    public readonly int Length => _position + _borrowedBytes;

    /// <summary>How many pieces of memory make up what was written.</summary>
    public readonly int SegmentCount
    {
        get
        {
            if (_borrowed is null)
            {
                return 1;
            }
            var endsInBuffer = _borrowed[^1].At < _position ? 1 : 0;
            return _borrowed.Count * 2 + endsInBuffer;
        }
    }

    /// <summary>One piece of what was written, in the order of the wire. May be empty between two neighbouring record sets.</summary>
    public readonly ReadOnlyMemory<byte> GetSegment(int index)
    {
        if (_borrowed is null)
        {
            ArgumentOutOfRangeException.ThrowIfNotEqual(index, 0);
            return _buffer.AsMemory(0, _position);
        }
        var (pair, isBorrowed) = (index / 2, index % 2 == 1);
        if (isBorrowed)
        {
            return _borrowed[pair].Bytes;
        }
        var start = pair == 0 ? 0 : _borrowed[pair - 1].At;
        var end = pair == _borrowed.Count ? _position : _borrowed[pair].At;
        return _buffer.AsMemory(start, end - start);
    }

    /// <summary>Everything written, as one new array: for tests, tools and small records, not for the hot path.</summary>
    public readonly byte[] ToArray()
    {
        var all = new byte[Length];
        var end = 0;
        for (var i = 0; i < SegmentCount; i++)
        {
            var segment = GetSegment(i);
            segment.Span.CopyTo(all.AsSpan(end));
            end += segment.Length;
        }
        return all;
    }

    /// <summary>Gives the buffer back. Segments must not be used any more.</summary>
    public void Dispose()
    {
        if (_buffer is { Length: > 0 })
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }
        this = default;
        _buffer = [];
    }

    /// <summary>Leaves room for the frame's size. Pass the result to <see cref="EndFrame"/>.</summary>
    public int BeginFrame()
    {
        Reserve(sizeof(int));
        return _position - sizeof(int);
    }

    /// <summary>Writes the frame's size into the room that <see cref="BeginFrame"/> left. Nothing borrowed may lie before the frame.</summary>
    public readonly void EndFrame(int start) =>
        BinaryPrimitives.WriteInt32BigEndian(_buffer.AsSpan(start), Length - start - sizeof(int));

    public void WriteBoolean(bool value) => Reserve(1)[0] = value ? (byte)1 : (byte)0;

    public void WriteInt8(sbyte value) => Reserve(1)[0] = (byte)value;

    public void WriteInt16(short value) => BinaryPrimitives.WriteInt16BigEndian(Reserve(sizeof(short)), value);

    public void WriteUInt16(ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Reserve(sizeof(ushort)), value);

    public void WriteInt32(int value) => BinaryPrimitives.WriteInt32BigEndian(Reserve(sizeof(int)), value);

    public void WriteUInt32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Reserve(sizeof(uint)), value);

    public void WriteInt64(long value) => BinaryPrimitives.WriteInt64BigEndian(Reserve(sizeof(long)), value);

    public void WriteFloat64(double value) => BinaryPrimitives.WriteDoubleBigEndian(Reserve(sizeof(double)), value);

    public void WriteUuid(Guid value) => value.TryWriteBytes(Reserve(16), bigEndian: true, out _);

    public void WriteErrorCode(ErrorCode value) => WriteInt16((short)value);

    public void WriteUnsignedVarint(uint value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            Reserve(1)[0] = (byte)(value | 0x80);
        }
        Reserve(1)[0] = (byte)value;
    }

    public void WriteString(string? value, bool flexible)
    {
        if (value is null)
        {
            WriteNullLength(sizeof(short), flexible);
            return;
        }
        var length = Encoding.UTF8.GetByteCount(value);
        if (flexible)
        {
            WriteUnsignedVarint((uint)length + 1);
        }
        else if (length > short.MaxValue)
        {
            throw new ArgumentException($"A string of {length} bytes does not fit this version of the message: {short.MaxValue} is the limit.", nameof(value));
        }
        else
        {
            WriteInt16((short)length);
        }
        Encoding.UTF8.GetBytes(value, Reserve(length));
    }

    public void WriteBytes(ReadOnlyMemory<byte>? value, bool flexible)
    {
        if (WriteByteLength(value, flexible))
        {
            value!.Value.Span.CopyTo(Reserve(value.Value.Length));
        }
    }

    /// <summary>
    /// Writes a record set. From 1 KiB on it is borrowed instead of copied: it must stay untouched until the frame has been sent.
    /// </summary>
    public void WriteRecords(ReadOnlyMemory<byte>? value, bool flexible)
    {
        if (!WriteByteLength(value, flexible))
        {
            return;
        }
        var records = value!.Value;
        if (records.Length < SmallestBorrow)
        {
            records.Span.CopyTo(Reserve(records.Length));
            return;
        }
        (_borrowed ??= []).Add(new Borrowed(_position, records));
        _borrowedBytes += records.Length;
    }

    /// <summary>Starts an array; -1 is null.</summary>
    public void WriteArrayLength(int count, bool flexible)
    {
        if (flexible)
        {
            WriteUnsignedVarint((uint)(count + 1));
        }
        else
        {
            WriteInt32(count);
        }
    }

    /// <summary>Says whether a nullable structure follows.</summary>
    public void WritePresence(bool present) => WriteInt8(present ? (sbyte)1 : (sbyte)-1);

    /// <summary>Writes a tag and leaves room for the field's size. Pass the result to <see cref="EndTaggedField"/>. Not for record sets.</summary>
    public int BeginTaggedField(uint tag)
    {
        WriteUnsignedVarint(tag);
        Reserve(1);
        return _position;
    }

    /// <summary>
    /// Writes the size of a tagged field in front of it. The size is a varint of unknown length until the field is there: one byte was kept
    /// free, which nearly always is enough; else the field moves.
    /// </summary>
    public void EndTaggedField(int start)
    {
        var size = _position - start;
        var extra = VarintLength((uint)size) - 1;
        if (extra > 0)
        {
            Reserve(extra);
            _buffer.AsSpan(start, size).CopyTo(_buffer.AsSpan(start + extra));
        }
        var end = _position;
        _position = start - 1;
        WriteUnsignedVarint((uint)size);
        _position = end;
    }

    private static int VarintLength(uint value)
    {
        var length = 1;
        for (; value >= 0x80; value >>= 7)
        {
            length++;
        }
        return length;
    }

    private bool WriteByteLength(ReadOnlyMemory<byte>? value, bool flexible)
    {
        if (value is not { } bytes)
        {
            WriteNullLength(sizeof(int), flexible);
            return false;
        }
        WriteArrayLength(bytes.Length, flexible);
        return true;
    }

    private void WriteNullLength(int size, bool flexible)
    {
        if (flexible)
        {
            WriteUnsignedVarint(0);
        }
        else
        {
            Reserve(size).Fill(0xff);
        }
    }

    private Span<byte> Reserve(int count)
    {
        if (_buffer.Length - _position < count)
        {
            Grow(count);
        }
        var room = _buffer.AsSpan(_position, count);
        _position += count;
        return room;
    }

    private void Grow(int count)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, checked(_position + count)));
        _buffer.AsSpan(0, _position).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    /// <param name="At">Where in the buffer the bytes belong: behind everything that was written before them.</param>
    /// <param name="Bytes">Memory of somebody else.</param>
    private readonly record struct Borrowed(int At, ReadOnlyMemory<byte> Bytes);
}
