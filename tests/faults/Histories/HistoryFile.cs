using System.Text.Json;
using System.Text.Json.Serialization;

namespace Garam.Faults.Histories;

/// <summary>A history as text: one JSON object per line, only ever appended to, so that what a crash of the harness leaves can still be checked.</summary>
internal static class HistoryFile
{
    public static string Write(HistoryEvent line) => JsonSerializer.Serialize(line, HistoryJson.Default.HistoryEvent);

    /// <exception cref="JsonException">A line is no event.</exception>
    public static IEnumerable<HistoryEvent> Read(IEnumerable<string> lines) =>
        lines.Where(line => line.Length > 0).Select(line => JsonSerializer.Deserialize(line, HistoryJson.Default.HistoryEvent)!);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(HistoryEvent))]
internal sealed partial class HistoryJson : JsonSerializerContext;
