using System.Buffers.Binary;
using Snappier;

namespace Garam.Kafka.Compression;

/// <summary>
/// Snappy in both of its framings: the one of snappy-java, which Kafka's own clients write, and the bare block of librdkafka.
/// <code>
/// 82 S N A P P Y 00 | version | oldest version | { block length | block }*      integers are 4 bytes, big-endian
/// block
/// </code>
/// </summary>
internal sealed class SnappyCodec : RecordCodec
{
    private const int HeaderSize = 16, BlockSize = 32 * 1024;

    /// <summary>The densest element of the format: a copy of 64 bytes in 3. A block that claims more per byte is damaged, or an attack.</summary>
    private const int MaxCopy = 64, MinCopyElement = 3;

    private static ReadOnlySpan<byte> Magic => [0x82, (byte)'S', (byte)'N', (byte)'A', (byte)'P', (byte)'P', (byte)'Y', 0];

    internal override void Decode(ReadOnlySpan<byte> compressed, PooledBytes target)
    {
        if (!compressed.StartsWith(Magic))
        {
            DecodeBlock(compressed, target);
            return;
        }
        if (compressed.Length < HeaderSize)
        {
            throw new InvalidDataException("truncated snappy");
        }
        for (var rest = compressed[HeaderSize..]; !rest.IsEmpty;)
        {
            if (!BinaryPrimitives.TryReadInt32BigEndian(rest, out var length) || length < 0 || length > rest.Length - sizeof(int))
            {
                throw new InvalidDataException("truncated snappy");
            }
            DecodeBlock(rest.Slice(sizeof(int), length), target);
            rest = rest[(sizeof(int) + length)..];
        }
    }

    private static void DecodeBlock(ReadOnlySpan<byte> block, PooledBytes target)
    {
        try
        {
            var claimed = Snappy.GetUncompressedLength(block);
            if (claimed > (long)block.Length * MaxCopy / MinCopyElement)
            {
                throw new InvalidDataException($"a snappy block of {block.Length} bytes cannot contain {claimed} bytes");
            }
            var written = Snappy.Decompress(block, target.Append(claimed));
            if (written != claimed)
            {
                throw new InvalidDataException("truncated snappy");
            }
        }
        catch (Exception damaged) when (damaged is OverflowException or ArgumentException or InvalidOperationException)
        {
            throw new InvalidDataException("damaged snappy", damaged);
        }
    }

    internal override void Encode(ReadOnlySpan<byte> plain, PooledBytes target, int? level)
    {
        var header = target.Append(HeaderSize);
        Magic.CopyTo(header);
        BinaryPrimitives.WriteInt32BigEndian(header[8..], 1);
        BinaryPrimitives.WriteInt32BigEndian(header[12..], 1);
        for (; !plain.IsEmpty; plain = plain[Math.Min(BlockSize, plain.Length)..])
        {
            EncodeBlock(plain[..Math.Min(BlockSize, plain.Length)], target);
        }
    }

    private static void EncodeBlock(ReadOnlySpan<byte> plain, PooledBytes target)
    {
        var lengthAt = target.Bytes.Length;
        var room = target.Append(sizeof(int) + Snappy.GetMaxCompressedLength(plain.Length));
        var written = Snappy.Compress(plain, room[sizeof(int)..]);
        BinaryPrimitives.WriteInt32BigEndian(room, written);
        target.Shorten(lengthAt + sizeof(int) + written);
    }
}
