using Garam.Kafka.Records;

namespace Garam.Kafka.Compression;

/// <summary>One way to compress the records of a batch. Stateless: any thread may use it.</summary>
/// <remarks>
/// gzip comes with .NET and snappy is decoded here (<see cref="SnappyCodec"/>); lz4 and zstd are the system's <c>liblz4.so.1</c> and
/// <c>libzstd.so.1</c>, loaded when the first batch asks for them. Without the library there is no codec: such batches are kept as they are.
/// </remarks>
public abstract class RecordCodec
{
    /// <summary>What one batch may grow to: a small batch that holds more is an attack, not data. 64 MiB.</summary>
    public const int MaxSize = 64 * 1024 * 1024;

    private static readonly RecordCodec Gzip = new GzipCodec(), Snappy = new SnappyCodec();

    /// <summary>The codec of <paramref name="compression"/>; null for none, and where its library is not on this machine.</summary>
    public static RecordCodec? For(CompressionType compression) => compression switch
    {
        CompressionType.Gzip => Gzip,
        CompressionType.Snappy => Snappy,
        CompressionType.Lz4 => Lz4Library.IsThere ? Lz4Codec.Instance : null,
        CompressionType.Zstd => ZstdLibrary.IsThere ? ZstdCodec.Instance : null,
        _ => null,
    };

    /// <summary>Appends what <paramref name="compressed"/> holds to <paramref name="target"/>, which grows with the bytes that come out and never to what a length claims.</summary>
    /// <exception cref="InvalidDataException">Damaged, cut off, or more than the target takes.</exception>
    internal abstract void Decode(ReadOnlySpan<byte> compressed, PooledBytes target);

    /// <summary>Appends <paramref name="plain"/>, compressed as Kafka's clients expect it, to <paramref name="target"/>.</summary>
    /// <param name="plain">Any bytes.</param>
    /// <param name="target">What grows.</param>
    /// <param name="level">On the codec's own scale; null: what Kafka takes when nothing is said. Snappy has none.</param>
    internal abstract void Encode(ReadOnlySpan<byte> plain, PooledBytes target, int? level = null);
}
