namespace Garam.Kafka.Compression;

/// <summary>The lz4 frame format. The library keeps at most two blocks of 4 MiB, the largest that a frame may have.</summary>
internal sealed unsafe class Lz4Codec : RecordCodec
{
    public static readonly Lz4Codec Instance = new();

    // Kafka's own client reads no blocks that depend on their predecessors.
    private const int IndependentBlocks = 1, BlocksOf64KiB = 4;

    // Kafka's level 9 is the fast way of lz4; the others are those of its thorough one.
    private const int KafkasFastLevel = 9;

    private readonly NativePool _decoders = new(
        () => Lz4Library.IsError(Lz4Library.CreateDecompression(out var context, Lz4Library.Version)) == 0 ? context : 0,
        context => Lz4Library.FreeDecompression(context));

    internal override void Decode(ReadOnlySpan<byte> compressed, PooledBytes target)
    {
        var context = _decoders.Rent();
        var isWhole = false;
        try
        {
            Decode(context, compressed, target);
            isWhole = true; // a frame that was read to its end leaves the decoder as new
        }
        finally
        {
            _decoders.Return(context, isWhole);
        }
    }

    private static void Decode(nint context, ReadOnlySpan<byte> compressed, PooledBytes target)
    {
        var wanted = (nuint)1;
        bool full;
        do
        {
            var free = target.Free;
            nuint written = (nuint)free.Length, read = (nuint)compressed.Length;
            fixed (byte* to = free, from = compressed)
            {
                wanted = Lz4Library.Decompress(context, to, ref written, from, ref read, 0);
            }
            if (Lz4Library.IsError(wanted) != 0)
            {
                throw new InvalidDataException("damaged lz4");
            }
            full = written == (nuint)free.Length;
            target.Advance((int)written);
            compressed = compressed[(int)read..];
        }
        while (!compressed.IsEmpty || (full && wanted != 0));
        if (wanted != 0)
        {
            throw new InvalidDataException("lz4 that is cut off");
        }
    }

    internal override void Encode(ReadOnlySpan<byte> plain, PooledBytes target, int? level)
    {
        var preferences = new Lz4Library.Preferences { BlockSizeId = BlocksOf64KiB, BlockMode = IndependentBlocks, Level = level is null or KafkasFastLevel ? 0 : level.Value };
        var start = target.Bytes.Length;
        var room = target.Append((int)Lz4Library.FrameBound((nuint)plain.Length, preferences));
        fixed (byte* to = room, from = plain)
        {
            var written = Lz4Library.CompressFrame(to, (nuint)room.Length, from, (nuint)plain.Length, preferences);
            if (Lz4Library.IsError(written) != 0)
            {
                throw new InsufficientMemoryException("lz4 has no memory for an encoder");
            }
            target.Shorten(start + (int)written);
        }
    }
}
