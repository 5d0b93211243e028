namespace Garam.Broker.Log;

/// <summary>A record found by its time.</summary>
/// <param name="Offset">Its offset.</param>
/// <param name="Timestamp">Its timestamp, in milliseconds since 1970.</param>
/// <param name="LeaderEpoch">The leader epoch that it was written in.</param>
internal readonly record struct OffsetAndTimestamp(long Offset, long Timestamp, int LeaderEpoch);
