using System.Globalization;

namespace Garam.Operations.Queries;

/// <summary>How a time that a person wrote is read: one way for queries, options and forms.</summary>
/// <param name="Clock">What <c>-1h</c> and <c>today</c> are counted from.</param>
/// <param name="Zone">Where a time lies that names no zone.</param>
public sealed record TimeReading(TimeProvider Clock, TimeZoneInfo Zone)
{
    /// <summary>What may be written, for messages.</summary>
    public const string Forms = "a time like 2026-02-14T09:00:00Z, milliseconds since 1970, how long ago like -5m or -1h, today, yesterday or now";

    /// <summary>The system's clock; times without a zone are UTC.</summary>
    public static readonly TimeReading Utc = new(TimeProvider.System, TimeZoneInfo.Utc);

    private const long LastMillisecond = 253_402_300_799_999;

    /// <summary>The first moment that the text stands for: that of <c>2026-02-14</c> is midnight. Null where it is not a time.</summary>
    public DateTimeOffset? Parse(string text) =>
        QueryTime.Parse(text, this) is { First: >= -LastMillisecond / 5 and <= LastMillisecond } time ? DateTimeOffset.FromUnixTimeMilliseconds(time.First) : null;

    /// <summary>The moment of a time of day in this zone. One that a change of the clock skips is read by the offset before it.</summary>
    internal DateTimeOffset At(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Unspecified), Zone.GetUtcOffset(time));

    internal DateTime Today => TimeZoneInfo.ConvertTime(Clock.GetUtcNow(), Zone).Date;

    internal static bool TryParseExact(string text, string format, out DateTime time) =>
        DateTime.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out time);
}
