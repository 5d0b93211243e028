using System.CommandLine;
using System.Globalization;

namespace Garam.CommandLine;

/// <summary>Times as people write them: <c>500ms</c>, <c>5s</c>, <c>2m</c>, <c>1h</c>, <c>7d</c>.</summary>
internal static class Duration
{
    public static Option<TimeSpan?> Option(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (Parse(text) is { } time)
                return time;
            result.AddError($"{name} {text}: write a time like 500ms, 5s, 2m, 1h or 7d.");
            return null;
        },
    };

    internal static TimeSpan? Parse(string text)
    {
        var digits = text.TakeWhile(c => char.IsAsciiDigit(c) || c == '.').Count();
        if (!double.TryParse(text.AsSpan(0, digits), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) || number > 1e9)
            return null;
        return text[digits..] switch
        {
            "ms" => TimeSpan.FromMilliseconds(number),
            "s" => TimeSpan.FromSeconds(number),
            "m" => TimeSpan.FromMinutes(number),
            "h" => TimeSpan.FromHours(number),
            "d" when number <= 100_000 => TimeSpan.FromDays(number),
            _ => null,
        };
    }
}
