using System.IO.Compression;

namespace Garam.Kafka.Compression;

/// <summary>
/// RFC 1952. A payload may be several members one after the other; the stream reads them all. It ends quietly where its
/// input ends: a payload that is cut off shows in the count of the records.
/// </summary>
internal sealed class GzipCodec : RecordCodec
{
    private const int Trailer = 8;

    internal override unsafe void Decode(ReadOnlySpan<byte> compressed, PooledBytes target)
    {
        if (compressed.Length < Trailer)
        {
            throw new InvalidDataException("gzip that is cut off"); // the stream takes emptiness for an end
        }
        fixed (byte* start = compressed)
        {
            using var source = new UnmanagedMemoryStream(start, compressed.Length);
            using var gzip = new GZipStream(source, CompressionMode.Decompress);
            while (gzip.Read(target.Free) is > 0 and var read)
            {
                target.Advance(read);
            }
        }
    }

    internal override void Encode(ReadOnlySpan<byte> plain, PooledBytes target)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(plain);
        }
        buffer.GetBuffer().AsSpan(0, (int)buffer.Length).CopyTo(target.Append((int)buffer.Length));
    }
}
