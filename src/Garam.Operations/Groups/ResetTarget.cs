using System.Globalization;
using Confluent.Kafka;
using Garam.Operations.Queries;

namespace Garam.Operations.Groups;

/// <summary>
/// Where a reset sets a group: <c>start</c>, <c>end</c>, an offset, <c>@TIME</c> (the first record of that time or later), <c>-1h</c> (of that long
/// ago), <c>+N</c> or <c>-N</c> (that many records from where it is), <c>group:OTHER</c> (where another group is).
/// </summary>
public abstract record ResetTarget
{
    private ResetTarget() { }

    /// <param name="text">One of these.</param>
    /// <param name="reading">How a time is read. Default: times without a zone are UTC.</param>
    /// <exception cref="FormatException">The text is none of these; the message says what to write.</exception>
    public static ResetTarget Parse(string text, TimeReading? reading = null) => Read(text, reading ?? TimeReading.Utc);

    private static ResetTarget Read(string text, TimeReading reading) => text switch
    {
        "start" or "beginning" => new Start(),
        "end" => new End(),
        ['@', .. var time] => new Since(ParseTime(time, reading), text),
        ['g', 'r', 'o', 'u', 'p', ':', _, ..] => new Of(text["group:".Length..]),
        ['+' or '-', .. var records] when Number(records) is { } count => new By(text[0] == '-' ? -count : count),
        ['-', .. var time] when ParseDuration(time) is { } duration => new Ago(duration, text),
        _ when Number(text) is { } offset => new At(offset),
        _ => throw new FormatException($"{text}: write start, end, an offset, @TIME, -1h for that long ago, +N or -N for that many records from where it is, or group:OTHER."),
    };

    /// <summary>The text that <see cref="Parse"/> reads.</summary>
    public abstract override string ToString();

    private static long? Number(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    // Kafka takes times before 1970 for something else: -1 is its "latest", -2 its "earliest".
    private static DateTimeOffset ParseTime(string time, TimeReading reading) =>
        reading.Parse(time) is { } found && found >= DateTimeOffset.UnixEpoch ? found : throw new FormatException($"@{time}: write @ and {TimeReading.Forms}.");

    private static TimeSpan? ParseDuration(string text)
    {
        var digits = text.TakeWhile(char.IsAsciiDigit).Count();
        if (digits > 9 || Number(text[..digits]) is not { } count)
            return null;
        return text[digits..] switch
        {
            "ms" => TimeSpan.FromMilliseconds(count),
            "s" => TimeSpan.FromSeconds(count),
            "m" => TimeSpan.FromMinutes(count),
            "h" => TimeSpan.FromHours(count),
            "d" when count <= 1_000_000 => TimeSpan.FromDays(count),
            _ => null,
        };
    }

    internal sealed record Start : ResetTarget
    {
        public override string ToString() => "start";
    }

    internal sealed record End : ResetTarget
    {
        public override string ToString() => "end";
    }

    internal sealed record At(long Offset) : ResetTarget
    {
        public override string ToString() => Offset.ToString(CultureInfo.InvariantCulture);
    }

    internal sealed record By(long Records) : ResetTarget
    {
        public override string ToString() => Records.ToString("+0;-0;+0", CultureInfo.InvariantCulture);
    }

    internal sealed record Since(DateTimeOffset Time, string Text) : ResetTarget
    {
        public override string ToString() => Text;
    }

    internal sealed record Ago(TimeSpan Duration, string Text) : ResetTarget
    {
        public override string ToString() => Text;
    }

    internal sealed record Of(string Group) : ResetTarget
    {
        public override string ToString() => $"group:{Group}";
    }

    /// <summary>Exactly these; null: nothing committed. What an undo aims at.</summary>
    internal sealed record Back(IReadOnlyDictionary<TopicPartition, long?> Offsets) : ResetTarget
    {
        public override string ToString() => ResetPlan.Undo;
    }
}
