using Garam.Kafka;
using Garam.Kafka.Records;

namespace Garam.Broker.Log;

/// <summary>Whether a batch may be appended at all, as far as that does not depend on what is in the log: outside of the partition's lock.</summary>
internal static class BatchJudge
{
    /// <summary>Null when it may.</summary>
    public static RecordBatchFault? Judge(
        ReadOnlySpan<byte> batch, AppendOrigin origin, LogConfig config, long now, out RecordBatchHeader header, out long maxTimestamp)
    {
        if (origin == AppendOrigin.Broker)
        {
            header = RecordBatchHeader.Read(batch);
            maxTimestamp = header.MaxTimestamp;
            return null;
        }
        if (JudgeSize(batch.Length, config) is { } tooLarge)
        {
            header = default;
            maxTimestamp = -1;
            return tooLarge;
        }
        var rules = new RecordBatchRules
        {
            RequireKeys = (config.CleanupPolicy & CleanupPolicy.Compact) != 0,
            TimestampType = config.TimestampType,
            NotBefore = config.TimestampBeforeMaxMs >= now ? long.MinValue : now - config.TimestampBeforeMaxMs,
            NotAfter = config.TimestampAfterMaxMs > long.MaxValue - now ? long.MaxValue : now + config.TimestampAfterMaxMs,
        };
        var fault = RecordBatchValidator.Validate(batch, rules, out header, out maxTimestamp);
        return fault is null && header.Attributes.IsTransactional
            ? new RecordBatchFault(ErrorCode.InvalidTxnState, "transactions are not served yet", [])
            : fault;
    }

    /// <summary>Null when a batch may be as large as that.</summary>
    public static RecordBatchFault? JudgeSize(int size, LogConfig config)
    {
        if (size > config.MaxMessageBytes)
        {
            return new RecordBatchFault(ErrorCode.MessageTooLarge, $"a batch of {size} bytes; max.message.bytes of the topic is {config.MaxMessageBytes}", []);
        }
        return size > config.SegmentBytes
            ? new RecordBatchFault(ErrorCode.RecordListTooLarge, $"a batch of {size} bytes; segment.bytes of the topic is {config.SegmentBytes}", [])
            : null;
    }
}
