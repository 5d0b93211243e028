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

    public static IReadOnlyList<RecordHeader> FromText(string? text)
    {
        if (text is null)
            return [];
        using var headers = JsonDocument.Parse(text);
        return [.. headers.RootElement.EnumerateArray().Select(header => new RecordHeader(
            header[0].GetString()!, header[1].ValueKind is JsonValueKind.Null ? default(ReadOnlyMemory<byte>?) : header[1].GetBytesFromBase64()))];
    }
}
