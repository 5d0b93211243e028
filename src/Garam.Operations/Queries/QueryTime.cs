using System.Globalization;

namespace Garam.Operations.Queries;

/// <summary>
/// A time as a query writes it: ISO 8601, or how long ago (<c>-1h</c>), or milliseconds since 1970. What is written less exactly is longer: <c>2026-02-14</c> is a
/// day, and <c>&gt; 2026-02-14</c> begins with the next.
/// </summary>
/// <param name="First">Its first millisecond since 1970.</param>
/// <param name="Last">Its last one.</param>
internal readonly record struct QueryTime(long First, long Last)
{
    private static readonly (string Format, long Milliseconds)[] Formats =
    [
        ("yyyy-MM-dd", 86_400_000),
        ("yyyy-MM-ddTHH:mm", 60_000),
        ("yyyy-MM-ddTHH:mm:ss", 1_000),
        ("yyyy-MM-ddTHH:mm:ss.f", 100),
        ("yyyy-MM-ddTHH:mm:ss.ff", 10),
        ("yyyy-MM-ddTHH:mm:ss.FFFFFFF", 1),
    ];

    public static QueryTime? Parse(string text, DateTimeOffset now)
    {
        if (text is ['-', .. var ago] && ParseDuration(ago) is { } duration)
            return At(now.ToUnixTimeMilliseconds() - duration);
        if (text == "now")
            return At(now.ToUnixTimeMilliseconds());
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var milliseconds))
            return At(milliseconds);
        foreach (var (format, length) in Formats)
        {
            if (DateTimeOffset.TryParseExact(text, [format, format + "K"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
                return new QueryTime(time.ToUnixTimeMilliseconds(), time.ToUnixTimeMilliseconds() + length - 1);
        }

        return null;
    }

    private static QueryTime At(long milliseconds) => new(milliseconds, milliseconds);

    private static long? ParseDuration(string text)
    {
        (string Unit, long Milliseconds)[] units = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000), ("w", 604_800_000)];
        foreach (var (unit, milliseconds) in units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal) && int.TryParse(text[..^unit.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var count))
                return count * milliseconds;
        }

        return null;
    }
}
