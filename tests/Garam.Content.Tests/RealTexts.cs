using System.Text.Json;

namespace Garam.Content.Tests;

/// <summary>Texts that people wrote: the NDJSON file that <c>GARAM_TEXTS</c> names, one object a line with a field "text".</summary>
internal static class RealTexts
{
    private static readonly string? File = Environment.GetEnvironmentVariable("GARAM_TEXTS") is { Length: > 0 } file ? file : null;

    public static void SkipUnlessGiven() => Assert.SkipWhen(File is null, "GARAM_TEXTS names no file of real texts");

    /// <summary>The first texts; none where there is no file.</summary>
    public static IReadOnlyList<string> TakeIfGiven(int count) => File is null ? [] : [.. System.IO.File.ReadLines(File).Take(count).Select(Text)];

    private static string Text(string line)
    {
        using var document = JsonDocument.Parse(line);
        return document.RootElement.GetProperty("text").GetString()!;
    }
}
