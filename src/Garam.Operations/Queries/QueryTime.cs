using System.Globalization;

namespace Garam.Operations.Queries;

/// <summary>
/// A time as a query writes it: ISO 8601, how long ago (<c>-1h</c>), <c>today</c>, <c>yesterday</c>, <c>now</c>, or milliseconds since 1970. What is written less
/// exactly is longer: <c>2026-02-14</c> is a day, and <c>&gt; 2026-02-14</c> begins with the next.
/// </summary>
/// <param name="First">Its first millisecond since 1970.</param>
/// <param name="Last">Its last one.</param>
internal readonly record struct QueryTime(long First, long Last)
{
    private static readonly (string Format, TimeSpan Length)[] Formats =
    [
        ("yyyy-MM-dd", TimeSpan.FromDays(1)),
        ("yyyy-MM-ddTHH:mm", TimeSpan.FromMinutes(1)),
        ("yyyy-MM-ddTHH:mm:ss", TimeSpan.FromSeconds(1)),
        ("yyyy-MM-ddTHH:mm:ss.f", TimeSpan.FromMilliseconds(100)),
        ("yyyy-MM-ddTHH:mm:ss.ff", TimeSpan.FromMilliseconds(10)),
        ("yyyy-MM-ddTHH:mm:ss.FFFFFFF", TimeSpan.FromMilliseconds(1)),
    ];

    private static readonly (string Unit, long Milliseconds)[] Units =
        [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000), ("w", 604_800_000)];

    public static QueryTime? Parse(string text, TimeReading reading)
    {
        if (text is ['-', .. var ago] && ParseDuration(ago) is { } duration)
            return At(reading.Clock.GetUtcNow().ToUnixTimeMilliseconds() - duration);
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var milliseconds))
            return At(milliseconds);
        return text switch
        {
            "now" => At(reading.Clock.GetUtcNow().ToUnixTimeMilliseconds()),
            "today" => Between(reading.Today, TimeSpan.FromDays(1), reading),
            "yesterday" => Between(reading.Today.AddDays(-1), TimeSpan.FromDays(1), reading),
            _ => ParseIso(text.Length > 10 && text[10] == ' ' ? $"{text[..10]}T{text[11..]}" : text, reading),
        };
    }

    private static QueryTime? ParseIso(string text, TimeReading reading)
    {
        foreach (var (format, length) in Formats)
        {
            if (TimeReading.TryParseExact(text, format, out var local))
                return Between(local, length, reading);
            if (DateTimeOffset.TryParseExact(text, format + "K", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
                return new QueryTime(time.ToUnixTimeMilliseconds(), time.ToUnixTimeMilliseconds() + (long)length.TotalMilliseconds - 1);
        }

        return null;
    }

    // Both ends by the zone: the day on which the clocks change has 23 or 25 hours.
    private static QueryTime Between(DateTime local, TimeSpan length, TimeReading reading) =>
        new(reading.At(local).ToUnixTimeMilliseconds(), local > DateTime.MaxValue - length ? long.MaxValue : reading.At(local + length).ToUnixTimeMilliseconds() - 1);

    private static QueryTime At(long milliseconds) => new(milliseconds, milliseconds);

    private static long? ParseDuration(string text)
    {
        foreach (var (unit, milliseconds) in Units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal) && int.TryParse(text[..^unit.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var count))
                return count * milliseconds;
        }

        return null;
    }
}
