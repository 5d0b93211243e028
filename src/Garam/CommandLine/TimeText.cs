using System.Globalization;

namespace Garam.CommandLine;

/// <summary>Times as a person reads them. Programs get ISO 8601, and durations in seconds.</summary>
internal static class TimeText
{
    /// <summary>In UTC, or where <see cref="LocalTime"/> was chosen in that zone, with its offset.</summary>
    public static string Of(DateTimeOffset time) => LocalTime.IsChosen
        ? TimeZoneInfo.ConvertTime(time, LocalTime.Reading.Zone).ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz", CultureInfo.InvariantCulture)
        : time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>The two largest units that say something: <c>850ms</c>, <c>12s</c>, <c>3m 12s</c>, <c>2d 4h</c>.</summary>
    public static string Of(TimeSpan time) => time.Duration() switch
    {
        { Ticks: 0 } => "0",
        { TotalSeconds: < 1 } => $"{time.TotalMilliseconds:F0}ms",
        { TotalMinutes: < 1 } => $"{(int)time.TotalSeconds}s",
        { TotalHours: < 1 } => $"{(int)time.TotalMinutes}m {time.Seconds}s",
        { TotalDays: < 1 } => $"{(int)time.TotalHours}h {time.Minutes}m",
        _ => $"{(int)time.TotalDays}d {time.Hours}h",
    };
}
