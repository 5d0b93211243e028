namespace Garam.Kafka.Records;

/// <summary>Zigzag varints, the integers inside records: small magnitudes of either sign take few bytes (KIP-98, as in Protocol Buffers).</summary>
public static class Varint
{
    /// <summary>The longest form of a 64-bit value.</summary>
    public const int MaxSize = 10;

    private const int MaxSize32 = 5;

    /// <summary>Reads a 32-bit value at <paramref name="position"/> and moves past it; false when it is cut off or longer than 5 bytes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, scoped ref int position, out int value)
    {
        if ((uint)position < (uint)bytes.Length && bytes[position] < 0x80)
        {
            var single = bytes[position++];
            value = (single >> 1) ^ -(single & 1);
            return true;
        }
        var whole = TryReadRaw(bytes, ref position, MaxSize32, out var raw);
        value = (int)((uint)raw >> 1) ^ -(int)(raw & 1);
        return whole && raw <= uint.MaxValue;
    }

    /// <summary>Reads a 64-bit value at <paramref name="position"/> and moves past it; false when it is cut off or longer than 10 bytes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, scoped ref int position, out long value)
    {
        var whole = TryReadRaw(bytes, ref position, MaxSize, out var raw);
        value = (long)(raw >> 1) ^ -(long)(raw & 1);
        return whole;
    }

    /// <summary>Writes <paramref name="value"/> to the start of <paramref name="destination"/> and returns how many bytes it took.</summary>
    public static int Write(Span<byte> destination, long value)
    {
        var raw = Zigzag(value);
        var length = 0;
        while (raw >= 0x80)
        {
            destination[length++] = (byte)(raw | 0x80);
            raw >>= 7;
        }
        destination[length++] = (byte)raw;
        return length;
    }

    /// <summary>How many bytes <see cref="Write"/> takes for <paramref name="value"/>.</summary>
    public static int SizeOf(long value) => (70 - System.Numerics.BitOperations.LeadingZeroCount(Zigzag(value) | 1)) / 7;

    private static ulong Zigzag(long value) => (ulong)(value << 1) ^ (ulong)(value >> 63);

    private static bool TryReadRaw(ReadOnlySpan<byte> bytes, scoped ref int position, int maxSize, out ulong raw)
    {
        raw = 0;
        for (var index = 0; index < maxSize && (uint)position < (uint)bytes.Length; index++)
        {
            var next = bytes[position++];
            raw |= (ulong)(next & 0x7f) << (7 * index);
            if (next < 0x80)
            {
                return true;
            }
        }
        return false;
    }
}
