namespace Garam.Messaging.Failures;

/// <summary>
/// The headers by which a re-drive is known, all of them UTF-8 text. A record that is sent back to its topic has the first three; the others are
/// those of the marker that is written into the dead-letter topic when it is acknowledged. Part of the public surface: docs/dead-letters.md lists them.
/// </summary>
/// <remarks>
/// Places are written <c>TOPIC:PARTITION:OFFSET</c>: a topic's name has no colon.
/// </remarks>
public static class RedriveHeaders
{
    /// <summary>All of them begin so.</summary>
    public const string Prefix = "garam.redrive.";

    /// <summary>Of a record sent back: the dead letter that it was, <c>TOPIC:PARTITION:OFFSET</c>.</summary>
    public const string From = "garam.redrive.from";

    /// <summary>Of a record sent back: how often it has been, from 1.</summary>
    public const string Count = "garam.redrive.count";

    /// <summary>Of a record sent back: the time that it had at first, in milliseconds since 1970.</summary>
    public const string Timestamp = "garam.redrive.timestamp";

    /// <summary>Of a marker: the dead letter that was sent back, <c>PARTITION:OFFSET</c> in the topic of the marker.</summary>
    public const string Of = "garam.redrive.of";

    /// <summary>Of a marker: where it went, <c>TOPIC:PARTITION:OFFSET</c>.</summary>
    public const string To = "garam.redrive.to";

    /// <summary>Of a marker: when that was acknowledged (ISO 8601, UTC).</summary>
    public const string At = "garam.redrive.at";
}
