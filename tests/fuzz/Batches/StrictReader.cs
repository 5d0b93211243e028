using System.Buffers.Binary;
using System.Numerics;
using Garam.Kafka.Records;

namespace Garam.Fuzz.Batches;

/// <summary>
/// Reads a batch as distrustfully as the strictest consumer, from the format's description and not with the broker's own reader: what the broker
/// has accepted must pass here.
/// </summary>
internal static class StrictReader
{
    public static void Check(ReadOnlySpan<byte> bytes, long baseOffset)
    {
        Require(BinaryPrimitives.ReadInt64BigEndian(bytes) == baseOffset, "base offset");
        Require(BinaryPrimitives.ReadInt32BigEndian(bytes[8..]) == bytes.Length - 12, "length");
        Require(bytes[16] == 2, "magic");
        Require(BinaryPrimitives.ReadUInt32BigEndian(bytes[17..]) == Sum(bytes[21..]), "checksum");
        var attributes = BinaryPrimitives.ReadInt16BigEndian(bytes[21..]);
        var lastDelta = BinaryPrimitives.ReadInt32BigEndian(bytes[23..]);
        var count = BinaryPrimitives.ReadInt32BigEndian(bytes[57..]);
        Require(count > 0 && lastDelta == count - 1, "count");
        Require((attributes & 7) <= 4, "codec");
        Require((attributes & 0x20) == 0, "control batch");
        if ((attributes & 7) == 0)
        {
            CheckRecords(bytes[61..], count);
            return;
        }
        Require(RecordBatch.TryRead(bytes, out var batch), "batch");
        using var plain = RecordCompression.Decompress(batch);
        CheckRecords(plain.Bytes, count);
    }

    private static void CheckRecords(ReadOnlySpan<byte> records, int count)
    {
        for (var index = 0; index < count; index++)
        {
            var record = Take(ref records, Int(ref records));
            Take(ref record, 1);
            Varlong(ref record);
            Require(Int(ref record) == index, "offset delta");
            Field(ref record, nullable: true);
            Field(ref record, nullable: true);
            for (var headers = NotNegative(Int(ref record)); headers > 0; headers--)
            {
                Field(ref record, nullable: false);
                Field(ref record, nullable: true);
            }
            Require(record.IsEmpty, "bytes behind a record");
        }
        Require(records.IsEmpty, "bytes behind the last record");
    }

    private static void Field(ref ReadOnlySpan<byte> from, bool nullable)
    {
        var length = Int(ref from);
        if (length == -1 && nullable) return;
        Take(ref from, length);
    }

    private static int NotNegative(int value)
    {
        Require(value >= 0, "negative count");
        return value;
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> from, int count)
    {
        Require(count >= 0 && count <= from.Length, "length of a field");
        var taken = from[..count];
        from = from[count..];
        return taken;
    }

    private static int Int(ref ReadOnlySpan<byte> from)
    {
        var value = Varlong(ref from, 5);
        Require(value is >= int.MinValue and <= int.MaxValue, "varint");
        return (int)value;
    }

    private static long Varlong(ref ReadOnlySpan<byte> from, int longest = 10)
    {
        ulong raw = 0;
        for (var i = 0; i < longest; i++)
        {
            var next = Take(ref from, 1)[0];
            raw |= (ulong)(next & 0x7f) << (7 * i);
            if (next < 0x80) return (long)(raw >> 1) ^ -(long)(raw & 1);
        }
        throw new BrokenPromiseException("an accepted batch cannot be read: varint without end");
    }

    /// <summary>CRC-32C, byte after byte.</summary>
    private static uint Sum(ReadOnlySpan<byte> bytes)
    {
        var sum = uint.MaxValue;
        foreach (var next in bytes) sum = BitOperations.Crc32C(sum, next);
        return ~sum;
    }

    private static void Require(bool holds, string what)
    {
        if (!holds) throw new BrokenPromiseException($"an accepted batch cannot be read: {what}");
    }
}
