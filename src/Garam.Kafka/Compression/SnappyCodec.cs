using System.Buffers.Binary;

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

    private static ReadOnlySpan<byte> Magic => [0x82, (byte)'S', (byte)'N', (byte)'A', (byte)'P', (byte)'P', (byte)'Y', 0];

    internal override void Decode(ReadOnlySpan<byte> compressed, PooledBytes target)
    {
        if (!compressed.StartsWith(Magic))
        {
            SnappyBlock.Decode(compressed, target);
            return;
        }
        if (compressed.Length < HeaderSize)
        {
            throw new InvalidDataException("snappy that is cut off");
        }
        for (var rest = compressed[HeaderSize..]; !rest.IsEmpty;)
        {
            if (!BinaryPrimitives.TryReadInt32BigEndian(rest, out var length) || length < 0 || length > rest.Length - sizeof(int))
            {
                throw new InvalidDataException("snappy that is cut off");
            }
            SnappyBlock.Decode(rest.Slice(sizeof(int), length), target);
            rest = rest[(sizeof(int) + length)..];
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
            var lengthAt = target.Bytes.Length;
            target.Append(sizeof(int));
            SnappyBlock.Encode(plain[..Math.Min(BlockSize, plain.Length)], target);
            BinaryPrimitives.WriteInt32BigEndian(target.Bytes[lengthAt..], target.Bytes.Length - lengthAt - sizeof(int));
        }
    }
}
