using System.Buffers.Binary;

namespace Garam.Fuzz.Mutation;

/// <summary>Damages bytes in the ways that parsers trip over: bits, edges of integers, lengths, cuts, repetitions, splices.</summary>
internal sealed class Mutator(Random random)
{
    private const int LongestInsertion = 64, MostChanges = 4;

    private static readonly byte[] Bytes = [0, 1, 2, 3, 0x10, 0x7e, 0x7f, 0x80, 0x81, 0xc0, 0xfe, 0xff];

    private static readonly long[] Integers =
    [
        -1, 0, 1, 2, 3, 127, 128, 255, 256, 32767, 32768, 65535, 65536, int.MaxValue - 1, int.MaxValue, 1L << 31, uint.MaxValue, 1L << 32,
        long.MaxValue - 1, long.MaxValue, -2, -128, short.MinValue, int.MinValue, long.MinValue, long.MinValue + 1,
    ];

    /// <summary>Varints that are too long, do not fit their type, or are written longer than they need to be.</summary>
    private static readonly byte[][] Varints =
    [
        [0xff, 0xff, 0xff, 0xff, 0x0f], [0xff, 0xff, 0xff, 0xff, 0x1f], [0xff, 0xff, 0xff, 0xff, 0x7f], [0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
        [0x80, 0x00], [0x80, 0x80, 0x80, 0x80, 0x00], [0x80, 0x80, 0x80, 0x80, 0x08], [0xfe, 0xff, 0xff, 0xff, 0x0f],
        [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    ];

    /// <summary>Changes <paramref name="bytes"/> behind <paramref name="from"/> in one to four places.</summary>
    /// <param name="bytes">Changed in place; may grow and shrink.</param>
    /// <param name="from">What is before is left alone.</param>
    /// <param name="other">Bytes of the same kind, for splices.</param>
    public void Mutate(ByteList bytes, int from, ReadOnlySpan<byte> other)
    {
        for (var left = random.Next(1, MostChanges + 1); left > 0; left--)
        {
            if (bytes.Length <= from) return;
            ChangeOnce(bytes, from, other);
        }
    }

    private void ChangeOnce(ByteList bytes, int from, ReadOnlySpan<byte> other)
    {
        var at = random.Next(from, bytes.Length);
        var rest = bytes.Span[at..];
        switch (random.Next(16))
        {
            case 0 or 1 or 2: rest[0] ^= (byte)(1 << random.Next(8)); break;
            case 3 or 4: rest[0] = Bytes[random.Next(Bytes.Length)]; break;
            case 5: rest[0] += (byte)(random.Next(2) == 0 ? 1 : -1); break;
            case 6: rest[0] = (byte)random.Next(256); break;
            case 7 or 8: SetInteger(rest, Integers[random.Next(Integers.Length)]); break;
            case 9: ShiftLength(bytes.Span, from); break;
            case 10: SetVarint(rest, Varints[random.Next(Varints.Length)]); break;
            case 11: bytes.Shorten(at); break;
            case 12: Insert(bytes, at); break;
            case 13: bytes.Remove(at, random.Next(1, Math.Min(LongestInsertion, bytes.Length - at) + 1)); break;
            case 14: Repeat(bytes, at); break;
            default: Splice(bytes, at, other); break;
        }
    }

    private void SetInteger(Span<byte> target, long value)
    {
        switch (random.Next(3))
        {
            case 0 when target.Length >= sizeof(long): BinaryPrimitives.WriteInt64BigEndian(target, value); break;
            case 1 when target.Length >= sizeof(short): BinaryPrimitives.WriteInt16BigEndian(target, (short)value); break;
            default:
                if (target.Length >= sizeof(int)) BinaryPrimitives.WriteInt32BigEndian(target, (int)value);
                break;
        }
    }

    private static void SetVarint(Span<byte> target, byte[] varint)
    {
        if (varint.Length <= target.Length) varint.CopyTo(target);
    }

    /// <summary>Finds something that may be a length or a count (an integer that is small against what follows), and makes it a little wrong.</summary>
    private void ShiftLength(Span<byte> bytes, int from)
    {
        var shift = random.Next(-3, 4);
        for (var tries = 0; tries < 8; tries++)
        {
            var at = bytes[random.Next(from, bytes.Length)..];
            if (at.Length < sizeof(int)) continue;
            var value = BinaryPrimitives.ReadInt32BigEndian(at);
            if (value <= 0 || value > at.Length * 2) continue;
            BinaryPrimitives.WriteInt32BigEndian(at, value + shift);
            return;
        }
        bytes[random.Next(from, bytes.Length)] += (byte)shift;
    }

    private void Insert(ByteList bytes, int at)
    {
        var added = bytes.Insert(at, random.Next(1, LongestInsertion));
        if (random.Next(2) == 0) added.Fill(Bytes[random.Next(Bytes.Length)]);
        else random.NextBytes(added);
    }

    /// <summary>A section twice, or many times: lists grow where their counts do not, and the other way round.</summary>
    private void Repeat(ByteList bytes, int at)
    {
        var length = random.Next(1, Math.Min(LongestInsertion, bytes.Length - at) + 1);
        for (var times = random.Next(8) == 0 ? random.Next(2, 60) : 1; times > 0; times--)
        {
            var copy = bytes.Insert(at + length, length);
            bytes.Span.Slice(at, length).CopyTo(copy);
        }
    }

    private void Splice(ByteList bytes, int at, ReadOnlySpan<byte> other)
    {
        if (other.IsEmpty) return;
        var tail = other[random.Next(Math.Min(at, other.Length - 1), other.Length)..];
        bytes.Shorten(at);
        tail.CopyTo(bytes.Insert(at, tail.Length));
    }
}
