using K4os.Compression.LZ4;
using K4os.Compression.LZ4.Streams;
using K4os.Compression.LZ4.Streams.Adapters;
using K4os.Compression.LZ4.Streams.Frames;

namespace Garam.Kafka.Compression;

/// <summary>The lz4 frame format. A decoder takes memory for one block, at most 4 MiB, the largest that a frame may have.</summary>
internal sealed unsafe class Lz4Codec : RecordCodec
{
    // Kafka's level 9 is the fast way of lz4; the others are those of its thorough one, which begins at 3 and ends at 12.
    private const int KafkasFastLevel = 9, ThoroughFrom = 3, ThoroughTo = 12;

    internal override void Decode(ReadOnlySpan<byte> compressed, PooledBytes target)
    {
        if (compressed.IsEmpty)
        {
            throw new InvalidDataException("truncated lz4");
        }
        try
        {
            fixed (byte* start = compressed)
            {
                using var frames = new ByteSpanLZ4FrameReader(UnsafeByteSpan.Create(start, compressed.Length), static descriptor => descriptor.CreateDecoder());
                Read(frames, target);
            }
        }
        catch (EndOfStreamException truncated)
        {
            throw new InvalidDataException("truncated lz4", truncated);
        }
        // What the reader throws for blocks that are damaged or longer than the frame allows, and for dictionaries.
        catch (Exception damaged) when (damaged is InvalidOperationException or ArgumentException or NotImplementedException)
        {
            throw new InvalidDataException("damaged lz4", damaged);
        }
    }

    private static void Read(ByteSpanLZ4FrameReader frames, PooledBytes target)
    {
        while (frames.OpenFrame())
        {
            while (frames.ReadManyBytes(target.Free, interactive: true) is > 0 and var read)
            {
                target.Advance(read);
            }
        }
    }

    internal override void Encode(ReadOnlySpan<byte> plain, PooledBytes target, int? level)
    {
        // Kafka's own client does not read blocks that depend on their predecessors.
        var settings = new LZ4EncoderSettings { ChainBlocks = false, CompressionLevel = LevelOf(level) };
        LZ4Frame.Encode(plain, target, settings);
    }

    private static LZ4Level LevelOf(int? level) =>
        level is null or KafkasFastLevel or < ThoroughFrom ? LZ4Level.L00_FAST : (LZ4Level)Math.Min(level.Value, ThoroughTo);
}
