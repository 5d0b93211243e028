using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Garam.Content.Import;

/// <summary>One JSON object a line. Texts, numbers and truth values are fields; what is nested is left out.</summary>
internal static class NdjsonSource
{
    public static async IAsyncEnumerable<SourceRecord> ReadAsync(TextReader reader, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var line = 0L;
        await foreach (var text in BoundedLines.ReadAsync(reader, SourceRecord.MaxMebibytes * 1024 * 1024, cancellationToken).ConfigureAwait(false))
        {
            line++;
            if (text is null)
            {
                yield return SourceRecord.Unreadable(line, $"is longer than {SourceRecord.MaxMebibytes} MiB.");
            }
            else if (!string.IsNullOrWhiteSpace(text))
            {
                yield return Parse(line, text);
            }
        }
    }

    private static SourceRecord Parse(long line, string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                return SourceRecord.Unreadable(line, "is not a JSON object.");
            }

            var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            foreach (var property in document.RootElement.EnumerateObject())
            {
                if (property.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False)
                {
                    fields[property.Name] = property.Value.ToString();
                }
            }

            return new SourceRecord(line, fields);
        }
        catch (JsonException error)
        {
            return SourceRecord.Unreadable(line, $"is not valid JSON at byte {error.BytePositionInLine + 1}.");
        }
    }
}
