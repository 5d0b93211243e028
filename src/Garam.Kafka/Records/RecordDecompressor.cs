using System.Buffers;
using System.IO.Compression;

namespace Garam.Kafka.Records;

/// <summary>
/// The records of a compressed batch. Gzip is decoded; snappy, lz4 and zstd are not yet: such batches are stored and served as they are,
/// and <see cref="CanDecompress"/> is false for them.
/// </summary>
public static class RecordDecompressor
{
    /// <summary>What one batch may grow to: a small batch that claims more is an attack, not data. 64 MiB.</summary>
    public const int MaxSize = 64 * 1024 * 1024;

    public static bool CanDecompress(CompressionType compression) => compression is CompressionType.None or CompressionType.Gzip;

    /// <summary>Decompresses the payload of <paramref name="batch"/> into a pooled buffer, which the caller disposes.</summary>
    /// <exception cref="InvalidDataException">The payload is damaged, or larger than <see cref="MaxSize"/>.</exception>
    /// <exception cref="NotSupportedException"><see cref="CanDecompress"/> is false for this compression.</exception>
    public static DecompressedRecords Decompress(RecordBatch batch) => batch.Header.Attributes.Compression switch
    {
        CompressionType.Gzip => Gunzip(batch.Payload),
        var other => throw new NotSupportedException($"{other} is not decoded"),
    };

    private static DecompressedRecords Gunzip(ReadOnlySpan<byte> compressed)
    {
        using var source = new MemoryStream(compressed.ToArray(), writable: false);
        using var gzip = new GZipStream(source, CompressionMode.Decompress);
        var records = new DecompressedRecords(Math.Max(compressed.Length * 4, 4096));
        try
        {
            while (gzip.Read(records.Free) is > 0 and var read)
            {
                records.Advance(read, MaxSize);
            }
            return records;
        }
        catch
        {
            records.Dispose();
            throw;
        }
    }
}

/// <summary>Decompressed records in a pooled buffer: disposed once, by whoever asked for them.</summary>
public sealed class DecompressedRecords : IDisposable
{
    private byte[] buffer;
    private int length;

    internal DecompressedRecords(int capacity) => buffer = ArrayPool<byte>.Shared.Rent(capacity);

    public ReadOnlySpan<byte> Bytes => buffer.AsSpan(0, length);

    internal Span<byte> Free => buffer.AsSpan(length);

    internal void Advance(int written, int limit)
    {
        length += written;
        if (length > limit)
        {
            throw new InvalidDataException($"a batch that decompresses to more than {limit} bytes");
        }
        if (length == buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
            Bytes.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(buffer);
            buffer = larger;
        }
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = [];
        length = 0;
    }
}
