namespace Garam.Broker.Log;

/// <summary>What may be thrown away (<c>cleanup.policy</c>); none of it when neither flag is set.</summary>
[Flags]
internal enum CleanupPolicy
{
    None = 0,

    /// <summary>Whole segments that are too old or too many.</summary>
    Delete = 1,

    /// <summary>Records whose key has a newer one.</summary>
    Compact = 2,
}
