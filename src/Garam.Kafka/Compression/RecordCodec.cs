using Garam.Kafka.Records;

namespace Garam.Kafka.Compression;

/// <summary>One way to compress the records of a batch. Stateless: any thread may use it.</summary>
public abstract class RecordCodec
{
    /// <summary>What one batch may grow to: a small batch that holds more is an attack, not data. 64 MiB.</summary>
    public const int MaxSize = 64 * 1024 * 1024;

    private static readonly RecordCodec Gzip = new GzipCodec(), Snappy = new SnappyCodec(), Lz4 = new Lz4Codec(), Zstd = new ZstdCodec();

    /// <summary>The codec of <paramref name="compression"/>.</summary>
    /// <exception cref="InvalidDataException">There is none: records are not compressed, or in a way that the format does not define.</exception>
    public static RecordCodec For(CompressionType compression) => compression switch
    {
        CompressionType.Gzip => Gzip,
        CompressionType.Snappy => Snappy,
        CompressionType.Lz4 => Lz4,
        CompressionType.Zstd => Zstd,
        _ => throw new InvalidDataException($"compression type {(int)compression} has no codec"),
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
