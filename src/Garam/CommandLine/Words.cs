using System.Globalization;

namespace Garam.CommandLine;

/// <summary>Numbers with what they count.</summary>
internal static class Words
{
    /// <summary><c>1 record</c>, <c>2,000 records</c>.</summary>
    public static string Count(long number, string thing) => $"{number.ToString("N0", CultureInfo.InvariantCulture)} {thing}{(number == 1 ? "" : "s")}";
}
