using Microsoft.Extensions.Logging;

namespace Garam.Broker.Log;

internal static partial class LogMessages
{
    [LoggerMessage(1100, LogLevel.Warning, "{Partition}: cut {Bytes} bytes behind offset {EndOffset}: they are no whole batch (file {File})")]
    public static partial void CutTornTail(this ILogger logger, TopicPartition partition, long bytes, long endOffset, string file);

    [LoggerMessage(1101, LogLevel.Error, "{Partition}: removed the segment at offset {BaseOffset}, {Bytes} bytes, because the log before it is damaged at offset {EndOffset}")]
    public static partial void RemovedSegmentBehindDamage(this ILogger logger, TopicPartition partition, long baseOffset, long bytes, long endOffset);

    [LoggerMessage(1102, LogLevel.Information, "{Partition}: recovered from offset {RecoveryPoint} to {EndOffset} after an unclean stop")]
    public static partial void Recovered(this ILogger logger, TopicPartition partition, long recoveryPoint, long endOffset);

    [LoggerMessage(1103, LogLevel.Error, "{Partition}: the disk failed; the log is read-only until the broker is started again")]
    public static partial void TurnedReadOnly(this ILogger logger, Exception failure, TopicPartition partition);

    [LoggerMessage(1114, LogLevel.Error, "{Partition}: a file could not be opened to sync it; this is retried every second")]
    public static partial void FlushPostponed(this ILogger logger, Exception failure, TopicPartition partition);

    [LoggerMessage(1115, LogLevel.Warning, "Ignored {Path}: the broker does not write files or folders of that name here")]
    public static partial void IgnoredUnknownFile(this ILogger logger, string path);

    [LoggerMessage(1116, LogLevel.Warning, "The deleted partition {Directory} could not be removed; the next start tries again")]
    public static partial void NotRemoved(this ILogger logger, Exception failure, string directory);

    [LoggerMessage(1117, LogLevel.Error, "{Partition} could not be closed cleanly: it is recovered at the next start")]
    public static partial void CloseFailed(this ILogger logger, Exception failure, TopicPartition partition);

    [LoggerMessage(1104, LogLevel.Error, "{Partition}: an append of {Bytes} bytes failed and was taken back")]
    public static partial void AppendFailed(this ILogger logger, Exception failure, TopicPartition partition, int bytes);

    [LoggerMessage(1105, LogLevel.Error, "{Partition}: reading at offset {Offset} failed")]
    public static partial void ReadFailed(this ILogger logger, Exception failure, TopicPartition partition, long offset);

    [LoggerMessage(1106, LogLevel.Information, "{Partition}: deleted {Segments} segments for {Reason}; the log starts at offset {LogStartOffset}")]
    public static partial void DeletedSegments(this ILogger logger, TopicPartition partition, int segments, string reason, long logStartOffset);

    [LoggerMessage(1107, LogLevel.Information, "{Partition}: compacted {Before} bytes to {After}, up to offset {EndOffset}")]
    public static partial void Compacted(this ILogger logger, TopicPartition partition, long before, long after, long endOffset);

    [LoggerMessage(1109, LogLevel.Error, "{Partition}: {Work} failed and will be tried again")]
    public static partial void BackgroundWorkFailed(this ILogger logger, Exception failure, string partition, string work);

    [LoggerMessage(1110, LogLevel.Information, "Opened {Partitions} partitions in {Milliseconds} ms (clean stop before: {Clean}; leader epoch {Epoch})")]
    public static partial void Opened(this ILogger logger, int partitions, long milliseconds, bool clean, int epoch);

    [LoggerMessage(1112, LogLevel.Error, "{Partition}: not compacted: it is damaged, and compaction would make that permanent")]
    public static partial void NotCompactedDamaged(this ILogger logger, Exception failure, TopicPartition partition);

    [LoggerMessage(1113, LogLevel.Critical, "{Partition}: {Work} failed unexpectedly; please report this as a bug")]
    public static partial void UnforeseenFailure(this ILogger logger, Exception failure, string partition, string work);

    [LoggerMessage(1130, LogLevel.Warning, "{Partition} belongs to no known topic: its directory is kept as {Directory}")]
    public static partial void SetAside(this ILogger logger, TopicPartition partition, string directory);

    [LoggerMessage(1131, LogLevel.Error, "{Partition}: {Damage} damaged parts were skipped; what they held is not known to the broker: {Details}")]
    public static partial void SkippedDamage(this ILogger logger, TopicPartition partition, int damage, string details);

    [LoggerMessage(1132, LogLevel.Warning, "{Partition}: kept {Bytes} truncated bytes in {File}")]
    public static partial void KeptTruncated(this ILogger logger, TopicPartition partition, long bytes, string file);

    [LoggerMessage(1133, LogLevel.Error, "{Partition}: {File} is damaged at offset {Offset}, below the recovery point. Nothing is truncated; the next record gets offset {EndOffset}")]
    public static partial void DamagedSyncedPart(this ILogger logger, TopicPartition partition, long offset, string file, long endOffset);

    [LoggerMessage(1134, LogLevel.Error, "{Partition}: {Batches} damaged base offsets of batches in {File} were restored from their neighbours. Check the disk: stored data was changed")]
    public static partial void RestoredBaseOffsets(this ILogger logger, TopicPartition partition, int batches, string file);

    [LoggerMessage(1129, LogLevel.Warning, "{Partition}: partition.metadata is missing or damaged; the directory is taken for one of topic {TopicId}, which has its name")]
    public static partial void AdoptedPartition(this ILogger logger, TopicPartition partition, Guid topicId);
}
