using System.Globalization;

namespace Garam.Operations;

/// <summary>English for numbers and what they count: the one place that decides between singular and plural.</summary>
public static class Words
{
    /// <summary><c>1 record</c>, <c>2,000 records</c>.</summary>
    /// <param name="number">How many.</param>
    /// <param name="thing">The singular.</param>
    /// <param name="things">The plural, where it is not the singular with an s.</param>
    public static string Count(long number, string thing, string? things = null) => $"{Number(number)} {Of(number, thing, things)}";

    /// <summary>The word alone, for a sentence that has the number elsewhere: <c>record</c>, <c>records</c>.</summary>
    public static string Of(long number, string one, string? many = null) => number == 1 ? one : many ?? $"{one}s";

    /// <summary><c>2,000</c>.</summary>
    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
