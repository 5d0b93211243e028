using System.Buffers.Binary;
using System.Security.Cryptography;
using Garam.Kafka;
using Garam.Kafka.Messages;
using Garam.Kafka.Records;

namespace Garam.Bench.Load;

/// <summary>How records are grouped: the shape of a load.</summary>
/// <param name="RecordBytes">Of the value of each record; there is no key.</param>
/// <param name="RecordsPerBatch">One batch travels in each request.</param>
internal readonly record struct BatchShape(int RecordBytes, int RecordsPerBatch);

/// <summary>
/// Produce requests that are put together once and sent many times. Two numbers change from one request to the next and are patched where
/// they lie: the correlation id, and the partition.
/// <code>
/// int32 size | int16 key | int16 version | int32 correlation id | ... topic ... | int32 partition | batch
///                                          ^ patched                             ^ patched
/// </code>
/// </summary>
internal sealed class Batches
{
    public const short ProduceVersion = 12;
    private const int Variants = 8, CorrelationIdAt = 8, PartitionMark = 0x7a3b5c6d;

    private readonly byte[][] _frames = new byte[Variants][];
    private readonly uint[] _sums = new uint[Variants];
    private readonly int _partitionAt;

    public Batches(string topic, BatchShape shape)
    {
        Shape = shape;
        for (var variant = 0; variant < Variants; variant++)
        {
            var batch = Build(shape, variant);
            _sums[variant] = RecordBatchHeader.Read(batch).Crc;
            _frames[variant] = Wire.Frame(ApiKey.Produce, ProduceVersion, 0, new ProduceRequest
            {
                Acks = -1,
                TimeoutMs = 30_000,
                TopicData = { new() { Name = topic, PartitionData = { new() { Index = PartitionMark, Records = batch } } } },
            });
        }
        Span<byte> mark = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(mark, PartitionMark);
        _partitionAt = _frames[0].AsSpan().IndexOf(mark);
    }

    public BatchShape Shape { get; }

    public int FrameBytes => _frames[0].Length;

    /// <summary>The checksum of the batch in request <paramref name="number"/>: what is consumed must add up to the sum of all.</summary>
    public uint SumOf(int number) => _sums[number % Variants];

    /// <summary>Request <paramref name="number"/>, valid until the next call.</summary>
    public ReadOnlySpan<byte> Frame(int number, int partition)
    {
        var frame = _frames[number % Variants];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(CorrelationIdAt), number);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(_partitionAt), partition);
        return frame;
    }

    private static byte[] Build(BatchShape shape, int variant)
    {
        var builder = new RecordBatchBuilder();
        var value = new byte[shape.RecordBytes];
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        for (var index = 0; index < shape.RecordsPerBatch; index++)
        {
            // Half random, half text: no load that a compressor or a cache could make smaller than it is.
            RandomNumberGenerator.Fill(value.AsSpan(0, value.Length / 2));
            value.AsSpan(value.Length / 2).Fill((byte)('a' + variant));
            builder.Add(new Record
            {
                Offset = index, Timestamp = now, Key = default, HasKey = false, Value = value, HasValue = true, HeaderCount = 0, EncodedHeaders = default,
            });
        }
        return builder.Build().ToArray();
    }
}
