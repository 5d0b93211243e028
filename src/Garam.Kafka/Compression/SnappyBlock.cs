using System.Buffers.Binary;

namespace Garam.Kafka.Compression;

/// <summary>
/// One snappy block: the length of what it holds, then literals and copies of what came before. Written here because a decoder is short, and
/// here what it allocates grows with the bytes that come out.
/// <code>
/// low bits of a tag: 00 literal, 01 copy of 4 to 11 bytes from up to 2 KiB back, 10 and 11 copy of up to 64 bytes, distance in 2 or 4 bytes
/// </code>
/// </summary>
internal static class SnappyBlock
{
    private const int Literal = 0, NearCopy = 1, Copy = 2, MaxCopy = 64, HashBits = 12;

    public static void Decode(ReadOnlySpan<byte> block, PooledBytes target)
    {
        var claimed = ReadLength(ref block);
        var start = target.Bytes.Length;
        while (!block.IsEmpty)
        {
            if ((block[0] & 3) == Literal)
            {
                var length = LiteralLength(ref block);
                Take(ref block, length).CopyTo(target.Append(Checked(length, claimed - (target.Bytes.Length - start))));
            }
            else
            {
                var (length, distance) = ReadCopy(ref block);
                if (distance <= 0 || distance > target.Bytes.Length - start)
                {
                    throw new InvalidDataException("snappy that copies from before its beginning");
                }
                Repeat(target, Checked(length, claimed - (target.Bytes.Length - start)), distance);
            }
        }
        if (target.Bytes.Length - start != claimed)
        {
            throw new InvalidDataException($"snappy that claims {claimed} bytes and holds {target.Bytes.Length - start}");
        }
    }

    /// <summary>Writes at most 64 KiB as one block: a greedy search for what was there before, as fast and as good as snappy means to be.</summary>
    public static void Encode(ReadOnlySpan<byte> plain, PooledBytes target)
    {
        WriteLength(plain.Length, target);
        Span<ushort> places = stackalloc ushort[1 << HashBits];
        places.Clear();
        int at = 1, written = 0;
        while (at + sizeof(uint) <= plain.Length)
        {
            var next = BinaryPrimitives.ReadUInt32LittleEndian(plain[at..]);
            ref var place = ref places[(int)(next * 0x1e35a7bdu >> (32 - HashBits))];
            var candidate = (int)place;
            place = (ushort)at;
            if (BinaryPrimitives.ReadUInt32LittleEndian(plain[candidate..]) != next)
            {
                at += 1 + ((at - written) >> 5); // what does not compress is passed over ever faster
                continue;
            }
            var same = sizeof(uint) + plain[(at + sizeof(uint))..].CommonPrefixLength(plain[(candidate + sizeof(uint))..]);
            WriteLiteral(plain[written..at], target);
            WriteCopies(same, at - candidate, target);
            written = at += same;
        }
        WriteLiteral(plain[written..], target);
    }

    private static int ReadLength(ref ReadOnlySpan<byte> block)
    {
        var length = 0UL;
        for (var shift = 0; shift < 35; shift += 7)
        {
            var part = Take(ref block, 1)[0];
            length |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                return length <= RecordCodec.MaxSize ? (int)length : throw new InvalidDataException($"snappy that claims {length} bytes");
            }
        }
        throw new InvalidDataException("snappy of an impossible length");
    }

    private static int LiteralLength(ref ReadOnlySpan<byte> block)
    {
        var length = Take(ref block, 1)[0] >> 2;
        return length < 60 ? length + 1 : (int)Math.Min(ReadLittleEndian(ref block, length - 59) + 1L, int.MaxValue);
    }

    private static (int Length, int Distance) ReadCopy(ref ReadOnlySpan<byte> block)
    {
        var tag = Take(ref block, 1)[0];
        return (tag & 3) == NearCopy
            ? (4 + (tag >> 2 & 7), tag >> 5 << 8 | Take(ref block, 1)[0])
            : ((tag >> 2) + 1, (int)Math.Min(ReadLittleEndian(ref block, (tag & 3) == Copy ? 2 : 4), int.MaxValue));
    }

    private static uint ReadLittleEndian(ref ReadOnlySpan<byte> block, int size)
    {
        Span<byte> whole = stackalloc byte[sizeof(uint)];
        whole.Clear();
        Take(ref block, size).CopyTo(whole);
        return BinaryPrimitives.ReadUInt32LittleEndian(whole);
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> block, int count)
    {
        if (count > block.Length)
        {
            throw new InvalidDataException("snappy that is cut off");
        }
        var taken = block[..count];
        block = block[count..];
        return taken;
    }

    private static int Checked(int length, int left) => length <= left ? length : throw new InvalidDataException("snappy that holds more than it claims");

    /// <summary>A copy may reach into what it writes: that is how a run of one byte is kept.</summary>
    private static void Repeat(PooledBytes target, int length, int distance)
    {
        var added = target.Append(length);
        var before = target.Bytes[^(length + distance)..];
        if (distance >= length)
        {
            before[..length].CopyTo(added);
            return;
        }
        for (var index = 0; index < length; index++)
        {
            added[index] = before[index];
        }
    }

    private static void WriteLength(int length, PooledBytes target)
    {
        for (; length >= 0x80; length >>= 7)
        {
            target.Append(1)[0] = (byte)(length | 0x80);
        }
        target.Append(1)[0] = (byte)length;
    }

    private static void WriteLiteral(ReadOnlySpan<byte> bytes, PooledBytes target)
    {
        if (bytes.IsEmpty)
        {
            return;
        }
        var length = bytes.Length - 1;
        var more = length < 60 ? 0 : length < 256 ? 1 : 2;
        var tag = target.Append(1 + more);
        tag[0] = (byte)((more == 0 ? length : 59 + more) << 2);
        for (var index = 1; index <= more; index++, length >>= 8)
        {
            tag[index] = (byte)length;
        }
        bytes.CopyTo(target.Append(bytes.Length));
    }

    private static void WriteCopies(int length, int distance, PooledBytes target)
    {
        while (length > 0)
        {
            var part = Math.Min(length, MaxCopy);
            var copy = target.Append(3);
            copy[0] = (byte)((part - 1) << 2 | Copy);
            BinaryPrimitives.WriteUInt16LittleEndian(copy[1..], (ushort)distance);
            length -= part;
        }
    }
}
