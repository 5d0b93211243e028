using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Garam.Kafka;

/// <summary>
/// Reads the primitive types of the Kafka protocol from one frame, front to back. Byte fields are slices of the frame, never copies,
/// so the frame must stay untouched for as long as the message is used.
/// </summary>
/// <remarks>
/// The frame is hostile until proven otherwise: every length is compared with the bytes that are really there before anything is
/// allocated, and every fault is a <see cref="MalformedFrameException"/>.
/// <code>
///            classic (flexible = false)        compact (flexible = true, KIP-482)
/// string     int16 length, UTF-8               uvarint length + 1, UTF-8
/// bytes      int32 length, bytes               uvarint length + 1, bytes
/// array      int32 count, elements             uvarint count + 1, elements
/// null       length -1                         uvarint 0
/// </code>
/// </remarks>
public ref struct ProtocolReader
{
    private readonly ReadOnlyMemory<byte> _frame;
    private readonly ReadOnlySpan<byte> _bytes;
    private int _position;
    private int _elements;

    public ProtocolReader(ReadOnlyMemory<byte> frame)
    {
        _frame = frame;
        _bytes = frame.Span;
    }

    /// <summary>
    /// All arrays of one message together may have this many elements; the largest requests of real clients have a tenth of that. An element of
    /// three bytes becomes an object of a hundred: without this limit a frame of 100 MB would be several gigabytes.
    /// </summary>
    public const int MaxElements = 1_000_000;

    /// <summary>Bytes read so far.</summary>
    public readonly int Position => _position;

    /// <summary>Bytes not read yet.</summary>
    public readonly int Remaining => _bytes.Length - _position;

    public bool ReadBoolean() => Take(1)[0] != 0;

    public sbyte ReadInt8() => (sbyte)Take(1)[0];

    public short ReadInt16() => BinaryPrimitives.ReadInt16BigEndian(Take(sizeof(short)));

    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16BigEndian(Take(sizeof(ushort)));

    public int ReadInt32() => BinaryPrimitives.ReadInt32BigEndian(Take(sizeof(int)));

    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32BigEndian(Take(sizeof(uint)));

    public long ReadInt64() => BinaryPrimitives.ReadInt64BigEndian(Take(sizeof(long)));

    public double ReadFloat64() => BinaryPrimitives.ReadDoubleBigEndian(Take(sizeof(double)));

    public Guid ReadUuid() => new(Take(16), bigEndian: true);

    public ErrorCode ReadErrorCode() => (ErrorCode)ReadInt16();

    /// <summary>Seven bits a byte, lowest first, at most five bytes.</summary>
    public uint ReadUnsignedVarint()
    {
        uint value = 0;
        for (var shift = 0; shift < 35; shift += 7)
        {
            var next = Take(1)[0];
            if (shift == 28 && next > 0x0f)
            {
                break;
            }
            value |= (uint)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
        throw new MalformedFrameException($"The varint before byte {_position} does not fit 32 bits.");
    }

    public string ReadString(bool flexible) => ReadNullableString(flexible) ?? throw NullNotAllowed("string");

    public string? ReadNullableString(bool flexible)
    {
        var length = flexible ? ReadCompactLength() : ReadInt16();
        return length < 0 ? NullFor(length, default(string)) : Encoding.UTF8.GetString(Take(length));
    }

    public ReadOnlyMemory<byte> ReadBytes(bool flexible) => ReadNullableBytes(flexible) ?? throw NullNotAllowed("byte");

    public ReadOnlyMemory<byte>? ReadNullableBytes(bool flexible)
    {
        var length = flexible ? ReadCompactLength() : ReadInt32();
        if (length < 0)
        {
            return NullFor(length, default(ReadOnlyMemory<byte>?));
        }
        var start = _position;
        Take(length);
        return _frame.Slice(start, length);
    }

    /// <summary>
    /// The number of elements that follow; a null array is refused. Let the list grow as elements are parsed: a count alone buys no memory.
    /// </summary>
    /// <param name="flexible">Whether the count is compact.</param>
    /// <param name="elementSize">The fewest bytes that one element takes: a count that cannot fit in the rest of the frame is refused.</param>
    public int ReadArrayLength(bool flexible, int elementSize)
    {
        var count = ReadNullableArrayLength(flexible, elementSize);
        return count >= 0 ? count : throw NullNotAllowed("array");
    }

    /// <summary>As <see cref="ReadArrayLength"/>, -1 for null.</summary>
    public int ReadNullableArrayLength(bool flexible, int elementSize)
    {
        var count = flexible ? ReadCompactLength() : ReadInt32();
        if (count < 0)
        {
            return NullFor(count, -1);
        }
        if (count > Remaining / elementSize)
        {
            throw new MalformedFrameException(
                $"An array before byte {_position} claims {count} elements of at least {elementSize} bytes; {Remaining} bytes are left.");
        }
        _elements += count;
        return _elements <= MaxElements ? count : throw new MalformedFrameException($"The arrays of a message have more than {MaxElements} elements.");
    }

    /// <summary>True when a nullable structure follows, false when it is null.</summary>
    public bool ReadPresence() => ReadInt8() switch
    {
        -1 => false,
        1 => true,
        var other => throw new MalformedFrameException($"Byte {_position - 1} says {other} where 1 (a structure) or -1 (null) belongs."),
    };

    /// <summary>How many tagged fields follow (KIP-482).</summary>
    public int ReadTagCount()
    {
        var count = ReadUnsignedVarint();
        return count <= (uint)Remaining / 2 ? (int)count : throw new MalformedFrameException(
            $"{count} tagged fields are announced before byte {_position}; {Remaining} bytes are left.");
    }

    /// <summary>Reads a field's tag and size. Pass <paramref name="end"/> to <see cref="EndTaggedField"/> when the field has been read.</summary>
    public uint BeginTaggedField(out int end)
    {
        var tag = ReadUnsignedVarint();
        var size = ReadUnsignedVarint();
        if (size > (uint)Remaining)
        {
            throw new MalformedFrameException($"Tagged field {tag} claims {size} bytes; {Remaining} are left.");
        }
        end = _position + (int)size;
        return tag;
    }

    /// <summary>Checks that a tagged field took exactly the bytes that it announced.</summary>
    public readonly void EndTaggedField(int end)
    {
        if (_position != end)
        {
            throw new MalformedFrameException($"A tagged field ends at byte {_position}, not at byte {end} as it announced.");
        }
    }

    /// <summary>Jumps over a tagged field that this version does not know: newer peers may send them.</summary>
    public void SkipTaggedField(int end) => _position = end;

    /// <summary>Jumps over all tagged fields of a structure that knows none.</summary>
    public void SkipTaggedFields()
    {
        for (var left = ReadTagCount(); left > 0; left--)
        {
            BeginTaggedField(out var end);
            SkipTaggedField(end);
        }
    }

    /// <summary>Refuses bytes after the end of the message: they mean that reader and peer disagree about the layout.</summary>
    public readonly void EnsureEnd()
    {
        if (Remaining != 0)
        {
            throw new MalformedFrameException($"{Remaining} bytes follow the end of the message at byte {_position}.");
        }
    }

    /// <summary>A compact length: 0 means null and comes out as -1, everything else is one too large.</summary>
    private int ReadCompactLength()
    {
        var length = ReadUnsignedVarint();
        return length <= int.MaxValue ? (int)length - 1 : throw new MalformedFrameException(
            $"A length before byte {_position} is {length - 1}, more than a frame can hold.");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if ((uint)count > (uint)Remaining)
        {
            ThrowTooShort(count);
        }
        var taken = _bytes.Slice(_position, count);
        _position += count;
        return taken;
    }

    [DoesNotReturn]
    private readonly void ThrowTooShort(int count) =>
        throw new MalformedFrameException($"{count} bytes are needed at byte {_position}; {Remaining} are left.");

    private readonly T NullFor<T>(int length, T @null) => length == -1
        ? @null
        : throw new MalformedFrameException($"A length before byte {_position} is {length}.");

    private readonly MalformedFrameException NullNotAllowed(string kind) =>
        new($"A {kind} before byte {_position} is null where null is not allowed.");
}
