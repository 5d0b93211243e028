namespace Garam.Broker.Groups;

/// <summary>How far a group has come in one partition.</summary>
/// <param name="Offset">The next offset to read.</param>
/// <param name="LeaderEpoch">The epoch of the last record read; -1: not said.</param>
/// <param name="Metadata">The committer's own words.</param>
/// <param name="CommittedAt">Milliseconds since 1970.</param>
/// <param name="ExpiresAt">Milliseconds since 1970, where the committer asked for a retention of its own (OffsetCommit v2-4); else -1.</param>
/// <param name="TopicId">The topic that it was read from: one of the same name made later is another. Empty in records of older brokers.</param>
internal sealed record CommittedOffset(long Offset, int LeaderEpoch, string Metadata, long CommittedAt, long ExpiresAt, Guid TopicId);
