using System.Globalization;
using Garam.Console.Languages;

namespace Garam.Console.Topics;

/// <summary>What a config's number means to a person: 604800000 of milliseconds is seven days.</summary>
internal static class ConfigValue
{
    private static readonly (long Size, string English, string Korean)[] Times =
        [(86_400_000, "d", "일"), (3_600_000, "h", "시간"), (60_000, "min", "분"), (1_000, "s", "초")];

    private static readonly (long Size, string Unit)[] Sizes = [(1L << 40, "TiB"), (1L << 30, "GiB"), (1L << 20, "MiB"), (1L << 10, "KiB")];

    /// <summary>Null where there is nothing to add to the number itself.</summary>
    public static string? Means(string name, string? value, Language language)
    {
        if (!long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            return null;
        var isTime = name.EndsWith(".ms", StringComparison.Ordinal);
        var isSize = name.EndsWith(".bytes", StringComparison.Ordinal);
        if (!isTime && !isSize)
            return null;
        if (number == -1)
            return language["no limit", "제한 없음"];
        if (number == long.MaxValue)
            return language["never", "하지 않음"];
        return isTime
            ? Times.Where(time => number >= time.Size).Select(time => $"{Text(number, time.Size)}{language[" " + time.English, time.Korean]}").FirstOrDefault()
            : Sizes.Where(size => number >= size.Size).Select(size => $"{Text(number, size.Size)} {size.Unit}").FirstOrDefault();
    }

    private static string Text(long number, long unit) => ((double)number / unit).ToString("#,0.##", CultureInfo.InvariantCulture);
}
