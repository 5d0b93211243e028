using Garam.Kafka.Compression;
using Garam.Kafka.Records;

namespace Garam.Broker.Log;

/// <summary>What every batch of a topic is stored in (<c>compression.type</c>, where it is not "producer"), whatever its producer has chosen.</summary>
/// <param name="Type">None: uncompressed.</param>
/// <param name="Level">On the scale of the codec (<c>compression.gzip.level</c> and its kind); null where it has none.</param>
internal sealed record LogCompression(CompressionType Type, int? Level = null)
{
    /// <summary>A value of <c>compression.type</c>; null for "producer".</summary>
    public static LogCompression? Parse(string text, int? level) => text switch
    {
        "producer" => null,
        "uncompressed" => new LogCompression(CompressionType.None),
        _ => new LogCompression(Enum.Parse<CompressionType>(text, ignoreCase: true), level),
    };

    /// <summary>
    /// <paramref name="batch"/>, judged already, as it is stored; the caller disposes it. Only the payload changes: records, times and sequences keep,
    /// so that a producer that sends it again is recognised. Null, with the fault, when it cannot be or has become too large.
    /// </summary>
    public PooledBytes? Apply(ReadOnlySpan<byte> batch, LogConfig config, out RecordBatchFault? fault)
    {
        RecordBatch.TryRead(batch, out var received);
        var stored = RecordCompression.Recompress(received, Type, Level);
        fault = BatchJudge.JudgeSize(stored.Bytes.Length, config);
        if (fault is null)
        {
            return stored;
        }
        stored.Dispose();
        return null;
    }
}
