namespace Garam.Kafka.Compression;

/// <summary>
/// Zstandard, decoded as a stream because frames often do not say what they hold. A frame that wants a window beyond 128 MiB, the most that Kafka's
/// clients ask for, is refused; of a smaller one only the part is touched, and so takes memory, that decoded bytes fill.
/// </summary>
internal sealed unsafe class ZstdCodec : RecordCodec
{
    private const int DefaultLevel = 3, LargestWindow = 27;

    /// <summary>A decoder keeps the window of the largest frame that it has met: beyond this it is not kept.</summary>
    private const int LargestKept = 8 * 1024 * 1024;

    public static readonly ZstdCodec Instance = new();

    private readonly NativePool _decoders = new(NewDecoder, decoder => ZstdLibrary.FreeDecoder(decoder));

    internal override void Decode(ReadOnlySpan<byte> compressed, PooledBytes target)
    {
        var decoder = _decoders.Rent();
        var isWhole = false;
        try
        {
            Decode(decoder, compressed, target);
            isWhole = true; // a frame that was read to its end leaves the decoder as new
        }
        finally
        {
            _decoders.Return(decoder, isWhole && ZstdLibrary.SizeOf(decoder) <= LargestKept);
        }
    }

    private static nint NewDecoder()
    {
        var decoder = ZstdLibrary.CreateDecoder();
        if (decoder != 0)
        {
            ZstdLibrary.SetParameter(decoder, ZstdLibrary.LargestWindowLog, LargestWindow);
        }
        return decoder;
    }

    private static void Decode(nint decoder, ReadOnlySpan<byte> compressed, PooledBytes target)
    {
        fixed (byte* from = compressed)
        {
            var source = new ZstdLibrary.Buffer { Start = from, Size = (nuint)compressed.Length };
            var left = (nuint)1;
            bool full;
            do
            {
                left = DecodeSome(decoder, ref source, target, out full);
            }
            while (source.Position < source.Size || (full && left != 0));
            if (left != 0)
            {
                throw new InvalidDataException("zstd that is cut off");
            }
        }
    }

    private static nuint DecodeSome(nint decoder, ref ZstdLibrary.Buffer source, PooledBytes target, out bool full)
    {
        fixed (byte* to = target.Free)
        {
            var free = new ZstdLibrary.Buffer { Start = to, Size = (nuint)target.Free.Length };
            var left = ZstdLibrary.Decompress(decoder, ref free, ref source);
            if (ZstdLibrary.IsError(left) != 0)
            {
                throw new InvalidDataException("damaged zstd");
            }
            full = free.Position == free.Size;
            target.Advance((int)free.Position);
            return left;
        }
    }

    internal override void Encode(ReadOnlySpan<byte> plain, PooledBytes target, int? level)
    {
        var start = target.Bytes.Length;
        var room = target.Append((int)ZstdLibrary.Bound((nuint)plain.Length));
        fixed (byte* to = room, from = plain)
        {
            var written = ZstdLibrary.Compress(to, (nuint)room.Length, from, (nuint)plain.Length, level ?? DefaultLevel);
            if (ZstdLibrary.IsError(written) != 0)
            {
                throw new InsufficientMemoryException("zstd has no memory for an encoder");
            }
            target.Shorten(start + (int)written);
        }
    }
}
