using System.Text.Json;
using System.Text.Json.Nodes;
using Garam.Messaging.Producing;

namespace Garam.Outbox;

/// <summary>
/// Headers as the outbox keeps them: JSON text, <c>[["name","base64"],["name",null]]</c>, in their order. Null: none.
/// </summary>
internal static class OutboxHeaders
{
    public const string TraceParent = "traceparent";

    public static string? ToText(IReadOnlyList<RecordHeader> headers) => headers.Count == 0
        ? null
        : new JsonArray([.. headers.Select(header => new JsonArray(header.Name, header.Value is { } value ? Convert.ToBase64String(value.Span) : null))]).ToJsonString();

    /// <summary>Null where the text is something else.</summary>
    public static IReadOnlyList<RecordHeader>? TryParse(string? text)
    {
        if (text is null)
            return [];
        try
        {
            using var headers = JsonDocument.Parse(text);
            return [.. headers.RootElement.EnumerateArray().Select(HeaderOf)];
        }
        // The last is what JsonElement throws where a value is of another kind, or has half of a surrogate pair.
        catch (Exception error) when (error is JsonException or FormatException or InvalidOperationException)
        {
            return null;
        }
    }

    private static RecordHeader HeaderOf(JsonElement header) => header.GetArrayLength() == 2 && header[0].GetString() is { Length: > 0 } name
        ? new RecordHeader(name, header[1].ValueKind is JsonValueKind.Null ? default(ReadOnlyMemory<byte>?) : header[1].GetBytesFromBase64())
        : throw new FormatException("A header is a name and a value.");
}
