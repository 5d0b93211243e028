using System.Buffers;
using System.IO.Compression;

namespace Garam.Kafka.Compression;

/// <summary>RFC 1952. A payload may be several members one after the other; the stream reads them all.</summary>
internal sealed class GzipCodec : RecordCodec
{
    private const int DefaultLevel = 6;

    // A whole member with 8 bytes in it. The stream ends quietly where its input ends, even inside of a trailer: read behind the payload, this one
    // comes out whole only when the payload was.
    private static readonly byte[] End = Compress("gzip end"u8);

    internal override void Decode(ReadOnlySpan<byte> compressed, PooledBytes target)
    {
        var input = ArrayPool<byte>.Shared.Rent(compressed.Length + End.Length);
        try
        {
            compressed.CopyTo(input);
            End.CopyTo(input, compressed.Length);
            var start = target.Bytes.Length;
            using var gzip = new GZipStream(new MemoryStream(input, 0, compressed.Length + End.Length), CompressionMode.Decompress);
            while (gzip.Read(target.Free) is > 0 and var read)
            {
                target.Advance(read);
            }
            if (compressed.IsEmpty || !target.Bytes[start..].EndsWith("gzip end"u8))
            {
                throw new InvalidDataException("truncated gzip");
            }
            target.Shorten(target.Bytes.Length - "gzip end"u8.Length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(input);
        }
    }

    internal override void Encode(ReadOnlySpan<byte> plain, PooledBytes target, int? level)
    {
        using var gzip = new GZipStream(new PooledStream(target), new ZLibCompressionOptions { CompressionLevel = level is null or <= 0 ? DefaultLevel : level.Value });
        gzip.Write(plain);
    }

    private static byte[] Compress(ReadOnlySpan<byte> plain)
    {
        using var target = new PooledBytes(0, int.MaxValue);
        new GzipCodec().Encode(plain, target, null);
        return target.Bytes.ToArray();
    }

    /// <summary>What a compressing stream writes to, without a buffer between.</summary>
    private sealed class PooledStream(PooledBytes target) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(ReadOnlySpan<byte> buffer) => buffer.CopyTo(target.Append(buffer.Length));

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush() { }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
