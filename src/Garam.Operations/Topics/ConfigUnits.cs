using System.Globalization;

namespace Garam.Operations.Topics;

/// <summary>Values of configs as people write them: <c>retention.ms=7d</c>, <c>segment.bytes=1GiB</c>. Kafka takes the plain number only.</summary>
public static class ConfigUnits
{
    private static readonly IReadOnlyDictionary<string, decimal> Milliseconds = new Dictionary<string, decimal>
    {
        ["ms"] = 1, ["s"] = 1_000, ["m"] = 60_000, ["min"] = 60_000, ["h"] = 3_600_000, ["d"] = 86_400_000, ["w"] = 604_800_000,
    };

    private static readonly IReadOnlyDictionary<string, decimal> Bytes = new Dictionary<string, decimal>
    {
        ["b"] = 1, ["kib"] = 1L << 10, ["mib"] = 1L << 20, ["gib"] = 1L << 30, ["tib"] = 1L << 40, ["kb"] = 1_000, ["mb"] = 1_000_000, ["gb"] = 1_000_000_000, ["tb"] = 1_000_000_000_000,
    };

    /// <summary>The value as Kafka takes it. What has no unit that fits the config stays as it is, and is the broker's to judge.</summary>
    /// <param name="config">Kafka's name: one in <c>.ms</c> takes times, one in <c>.bytes</c> sizes.</param>
    /// <param name="value">As it was written.</param>
    public static string Plain(string config, string value)
    {
        var units = config.EndsWith(".ms", StringComparison.Ordinal) ? Milliseconds : config.EndsWith(".bytes", StringComparison.Ordinal) ? Bytes : null;
        var digits = value.TakeWhile(letter => char.IsAsciiDigit(letter) || letter is '.').Count();
        if (units is null || digits is 0 or > 15 || !units.TryGetValue(value[digits..].Trim().ToLowerInvariant(), out var unit)
            || !decimal.TryParse(value.AsSpan(0, digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count))
            return value;
        var plain = count * unit;
        return plain == decimal.Truncate(plain) && plain <= long.MaxValue ? ((long)plain).ToString(CultureInfo.InvariantCulture) : value;
    }
}
