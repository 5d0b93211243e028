using ZstdSharp.Unsafe;

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

    private readonly NativePool _decoders = new(NewDecoder, decoder => Methods.ZSTD_freeDStream((ZSTD_DCtx_s*)decoder));

    internal override void Decode(ReadOnlySpan<byte> compressed, PooledBytes target)
    {
        var decoder = _decoders.Rent();
        var isWhole = false;
        try
        {
            Decode((ZSTD_DCtx_s*)decoder, compressed, target);
            isWhole = true; // a frame that was read to its end leaves the decoder as new
        }
        finally
        {
            _decoders.Return(decoder, isWhole && Methods.ZSTD_sizeof_DStream((ZSTD_DCtx_s*)decoder) <= LargestKept);
        }
    }

    private static nint NewDecoder()
    {
        var decoder = Methods.ZSTD_createDStream();
        if (decoder != null)
        {
            Methods.ZSTD_DCtx_setParameter(decoder, ZSTD_dParameter.ZSTD_d_windowLogMax, LargestWindow);
        }
        return (nint)decoder;
    }

    private static void Decode(ZSTD_DCtx_s* decoder, ReadOnlySpan<byte> compressed, PooledBytes target)
    {
        fixed (byte* from = compressed)
        {
            var source = new ZSTD_inBuffer_s { src = from, size = (nuint)compressed.Length };
            var left = (nuint)1;
            bool full;
            do
            {
                left = DecodeSome(decoder, ref source, target, out full);
            }
            while (source.pos < source.size || (full && left != 0));
            if (left != 0)
            {
                throw new InvalidDataException("truncated zstd");
            }
        }
    }

    private static nuint DecodeSome(ZSTD_DCtx_s* decoder, ref ZSTD_inBuffer_s source, PooledBytes target, out bool full)
    {
        fixed (byte* to = target.Free)
        {
            var free = new ZSTD_outBuffer_s { dst = to, size = (nuint)target.Free.Length };
            nuint left;
            fixed (ZSTD_inBuffer_s* input = &source)
            {
                left = Methods.ZSTD_decompressStream(decoder, &free, input);
            }
            if (Methods.ZSTD_isError(left))
            {
                throw new InvalidDataException("damaged zstd");
            }
            full = free.pos == free.size;
            target.Advance((int)free.pos);
            return left;
        }
    }

    internal override void Encode(ReadOnlySpan<byte> plain, PooledBytes target, int? level)
    {
        var start = target.Bytes.Length;
        var room = target.Append((int)Methods.ZSTD_compressBound((nuint)plain.Length));
        fixed (byte* to = room, from = plain)
        {
            var written = Methods.ZSTD_compress(to, (nuint)room.Length, from, (nuint)plain.Length, level ?? DefaultLevel);
            if (Methods.ZSTD_isError(written))
            {
                throw new InsufficientMemoryException("zstd has no memory for an encoder");
            }
            target.Shorten(start + (int)written);
        }
    }
}
