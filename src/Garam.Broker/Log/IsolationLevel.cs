namespace Garam.Broker.Log;

/// <summary>How far a reader sees; the numbers are the protocol's.</summary>
internal enum IsolationLevel : sbyte
{
    /// <summary>To the high watermark.</summary>
    ReadUncommitted = 0,

    /// <summary>To the last stable offset: not past the first open transaction.</summary>
    ReadCommitted = 1,
}
