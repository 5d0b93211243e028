using System.Text.Json;

namespace Garam.Content.Tests;

/// <summary>Texts that people wrote: the NDJSON file that <c>GARAM_TEXTS</c> names, one object a line with a field "text".</summary>
internal static class RealTexts
{
    public static IReadOnlyList<string> Take(int count)
    {
        var file = Environment.GetEnvironmentVariable("GARAM_TEXTS");
        Assert.SkipWhen(string.IsNullOrEmpty(file), "GARAM_TEXTS names no file of real texts");
        return [.. File.ReadLines(file!).Take(count).Select(line =>
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.GetProperty("text").GetString()!;
        })];
    }
}
