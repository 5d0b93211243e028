namespace Garam.Operations.Topics;

/// <summary>What topic configs do, in a sentence each: brokers know it, but the client does not hand it on.</summary>
public static class TopicConfigTexts
{
    private static readonly IReadOnlyDictionary<string, string> Texts = new Dictionary<string, string>
    {
        ["cleanup.policy"] = "How old records go: delete (by age and size), compact (all but the newest of each key), or both.",
        ["compression.type"] = "How batches are stored: producer keeps what the producer sent; a codec's name has the broker recompress.",
        ["delete.retention.ms"] = "How long a tombstone stays after compaction, in milliseconds, so that slow readers still see it.",
        ["file.delete.delay.ms"] = "How long a deleted segment's file stays on disk, in milliseconds.",
        ["flush.messages"] = "Sync to disk after this many records; 1 makes every acknowledged record survive a power cut.",
        ["flush.ms"] = "Sync to disk after this many milliseconds.",
        ["follower.replication.throttled.replicas"] = "Replicas whose copying is slowed down, as PARTITION:BROKER,... or *.",
        ["index.interval.bytes"] = "One index entry for about this many bytes of log.",
        ["leader.replication.throttled.replicas"] = "Replicas whose leaders slow down what they send, as PARTITION:BROKER,... or *.",
        ["local.retention.bytes"] = "Bytes of a partition kept on local disk when older ones are in remote storage; -2: as retention.bytes.",
        ["local.retention.ms"] = "Age kept on local disk when older records are in remote storage, in milliseconds; -2: as retention.ms.",
        ["max.compaction.lag.ms"] = "A record is looked at by compaction at the latest after this many milliseconds.",
        ["max.message.bytes"] = "The largest batch that the topic takes, in bytes, after compression.",
        ["message.timestamp.after.max.ms"] = "How far ahead of the broker's clock a record's time may lie, in milliseconds.",
        ["message.timestamp.before.max.ms"] = "How far behind the broker's clock a record's time may lie, in milliseconds.",
        ["message.timestamp.type"] = "Whose time a record carries: CreateTime, the producer's; LogAppendTime, the broker's.",
        ["min.cleanable.dirty.ratio"] = "Compaction starts when this share of the log is not compacted yet, from 0 to 1.",
        ["min.compaction.lag.ms"] = "A record is safe from compaction for this many milliseconds.",
        ["min.insync.replicas"] = "How many copies must have a record before acks=all is answered.",
        ["preallocate"] = "Takes the space of a segment from the disk when the segment is made.",
        ["remote.storage.enable"] = "Old segments go to remote storage.",
        ["retention.bytes"] = "The oldest segments of a partition go when it is larger than this, in bytes; -1: never.",
        ["retention.ms"] = "Segments go when all their records are older than this, in milliseconds; -1: never.",
        ["segment.bytes"] = "A new segment begins at this size, in bytes. Only whole segments that are no longer written to go.",
        ["segment.index.bytes"] = "Largest size of a segment's index, in bytes.",
        ["segment.jitter.ms"] = "Random time taken off segment.ms, in milliseconds, so that not all logs roll at once.",
        ["segment.ms"] = "A new segment begins after this many milliseconds, even if the old one is small.",
        ["unclean.leader.election.enable"] = "A replica that is not in sync may lead when no other is left: available again, and records may be lost.",
    };

    /// <summary>Each config that is known here, with its sentence.</summary>
    public static IReadOnlyDictionary<string, string> All => Texts;

    /// <summary>The sentence of a config; null where it is not known here.</summary>
    public static string? Of(string config) => Texts.GetValueOrDefault(config);
}
