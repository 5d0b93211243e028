namespace Garam.Messaging.Consuming;

/// <summary>
/// Why a partition is not read. A set, not a switch: it is read again when the last reason is gone, so that the end of one
/// reason cannot undo another.
/// </summary>
[Flags]
internal enum PauseReasons
{
    None = 0,

    /// <summary>Enough records are waiting.</summary>
    BackPressure = 1,

    /// <summary>The partition is held at a record.</summary>
    Held = 2,

    /// <summary>The consumer is stopping.</summary>
    Stopping = 4,
}
