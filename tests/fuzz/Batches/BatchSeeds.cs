using System.Buffers.Binary;
using Garam.Fuzz.Mutation;
using Garam.Kafka.Compression;
using Garam.Kafka.Records;
using Record = Garam.Kafka.Records.Record;

namespace Garam.Fuzz.Batches;

/// <summary>
/// Record batches as producers send them, and damaged ones. Damage is done where it reaches deep code:
/// <code>
///   header   records                 compressed records
///     |         |  damage ─ compress ─►      |  damage
///     └─────────┴─────────────┬──────────────┘
///              length and checksum made good again: the judge believes its eyes and walks on
/// </code>
/// </summary>
internal sealed class BatchSeeds(Random random, long now)
{
    private const int Kept = 48;

    /// <summary>Made when they are first wanted, and then kept: making one costs more than refusing it.</summary>
    private static readonly Lazy<byte[]>[] Bombs =
    [
        .. from compression in (CompressionType[])[CompressionType.Gzip, CompressionType.Snappy, CompressionType.Lz4, CompressionType.Zstd]
           from size in (int[])[1 << 22, RecordCodec.MaxSize / 2, RecordCodec.MaxSize]
           select new Lazy<byte[]>(() => Bomb(compression, size)),
    ];

    private readonly Mutator _mutator = new(random);
    private readonly List<byte[]> _plain = [];

    /// <summary>A batch without damage, in any compression.</summary>
    public byte[] Good() => Compress(Plain(), AnyCompression());

    /// <summary>Puts a batch into <paramref name="target"/>, mostly a damaged one.</summary>
    public void Fill(ByteList target)
    {
        switch (random.Next(20))
        {
            case 0: target.Set(Good()); break;
            case 1 or 2:
                target.Set(Good());
                _mutator.Mutate(target, 0, Plain());
                break;
            case < 7: Damage(target, Good(), 12, Good()); break;
            case < 12: Damage(target, Good(), RecordBatchHeader.Size, Good()); break;
            default:
                Damage(target, Plain(), random.Next(3) == 0 ? RecordBatchHeader.AttributesAt : RecordBatchHeader.Size, Plain());
                if (random.Next(2) == 0) target.Set(Compress(target.Span, AnyCompression()));
                break;
        }
    }

    /// <summary>A small batch whose records fill memory, up to what a codec allows or a byte more than that.</summary>
    public byte[] Bomb() => Bombs[random.Next(Bombs.Length)].Value;

    private static byte[] Bomb(CompressionType compression, int size)
    {
        var builder = new RecordBatchBuilder();
        builder.Add(-1, "key"u8, new byte[size]);
        return Compress(builder.Build(), compression);
    }

    private void Damage(ByteList target, byte[] batch, int from, byte[] other)
    {
        target.Set(batch);
        _mutator.Mutate(target, from, other);
        if (target.Length >= RecordBatchHeader.Size) Seal(target.Span);
    }

    /// <summary>Makes length and checksum fit what is there.</summary>
    private static void Seal(Span<byte> batch)
    {
        BinaryPrimitives.WriteInt32BigEndian(batch[RecordBatchHeader.LengthAt..], batch.Length - RecordBatchHeader.LengthOverhead);
        BinaryPrimitives.WriteUInt32BigEndian(batch[RecordBatchHeader.CrcAt..], Crc32C.Compute(batch[RecordBatchHeader.AttributesAt..]));
    }

    private CompressionType AnyCompression() => (CompressionType)random.Next(5);

    private static byte[] Compress(ReadOnlySpan<byte> bytes, CompressionType compression)
    {
        if (compression == CompressionType.None) return bytes.ToArray();
        if (!RecordBatch.TryRead(bytes, out var batch) || batch.Header.Attributes.Compression != CompressionType.None) return bytes.ToArray();
        using var compressed = RecordCompression.Recompress(batch, compression);
        return compressed.Bytes.ToArray();
    }

    private byte[] Plain()
    {
        if (_plain.Count < Kept)
        {
            _plain.Add(Build());
            return _plain[^1];
        }
        var index = random.Next(Kept);
        if (random.Next(50) == 0) _plain[index] = Build();
        return _plain[index];
    }

    private byte[] Build()
    {
        var isIdempotent = random.Next(3) == 0;
        var builder = new RecordBatchBuilder
        {
            ProducerId = isIdempotent ? random.Next(4) : -1,
            ProducerEpoch = isIdempotent ? (short)random.Next(2) : (short)-1,
            BaseSequence = isIdempotent ? random.Next(3) : -1,
        };
        for (var left = random.Next(8) == 0 ? random.Next(1, 200) : random.Next(1, 6); left > 0; left--) Add(builder);
        return builder.Build().ToArray();
    }

    private void Add(RecordBatchBuilder builder) => builder.Add(new Record
    {
        Offset = builder.Count,
        Timestamp = now - random.Next(1000),
        Key = Text(random.Next(12)),
        HasKey = random.Next(6) != 0,
        Value = Text(random.Next(10) == 0 ? random.Next(2000) : random.Next(60)),
        HasValue = random.Next(8) != 0,
        HeaderCount = 0,
        EncodedHeaders = default,
    }, random.Next(4) == 0 ? random.Next(1, 5) : 0);

    private byte[] Text(int length)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++) bytes[i] = (byte)('a' + random.Next(4));
        return bytes;
    }
}

internal static class RecordBuilding
{
    /// <summary>Adds a record with <paramref name="headers"/> headers, every second of them without a value.</summary>
    public static void Add(this RecordBatchBuilder builder, in Record record, int headers)
    {
        var encoded = new byte[headers * 8];
        var length = 0;
        for (var i = 0; i < headers; i++)
        {
            length += Varint.Write(encoded.AsSpan(length), 2);
            encoded[length++] = (byte)'h';
            encoded[length++] = (byte)('0' + i % 10);
            length += Varint.Write(encoded.AsSpan(length), i % 2 == 0 ? -1 : 1);
            if (i % 2 != 0) encoded[length++] = (byte)'v';
        }
        builder.Add(new Record
        {
            Offset = record.Offset,
            Timestamp = record.Timestamp,
            Key = record.Key,
            HasKey = record.HasKey,
            Value = record.Value,
            HasValue = record.HasValue,
            HeaderCount = headers,
            EncodedHeaders = encoded.AsSpan(0, length),
        });
    }
}
