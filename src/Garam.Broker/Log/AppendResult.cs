using Garam.Kafka;
using Garam.Kafka.Records;

namespace Garam.Broker.Log;

/// <summary>What became of a batch.</summary>
/// <param name="Error">None when the batch is in the log, now or since an earlier try of the same batch.</param>
/// <param name="BaseOffset">Offset of its first record; -1 when refused.</param>
/// <param name="LastOffset">Offset of its last record. The batch is durable, as the flush policy has it, when the high watermark is beyond it; -1 when refused.</param>
/// <param name="LogAppendTime">The broker's time where the topic keeps that, in milliseconds since 1970; else -1.</param>
/// <param name="LogStartOffset">First offset of the partition.</param>
/// <param name="Fault">Message and record indexes of a refusal.</param>
internal readonly record struct AppendResult(
    ErrorCode Error, long BaseOffset, long LastOffset, long LogAppendTime, long LogStartOffset, RecordBatchFault? Fault)
{
    internal static AppendResult Refused(RecordBatchFault fault, long logStartOffset) => new(fault.Error, -1, -1, -1, logStartOffset, fault);
}
