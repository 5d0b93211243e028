namespace Garam.Broker.Log;

/// <summary>Where a leader epoch ended: consumers compare it with what they have read to detect a cut log (KIP-320).</summary>
/// <param name="LeaderEpoch">The greatest known epoch that is not above the one asked for; -1 when there is none to tell of.</param>
/// <param name="EndOffset">First offset of the next epoch, or the log end; -1 with it.</param>
internal readonly record struct EpochEndOffset(int LeaderEpoch, long EndOffset)
{
    internal static EpochEndOffset Undefined { get; } = new(-1, -1);
}
