using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Garam.Operations.Messages;

/// <summary>
/// Records as CSV (RFC 4180), for spreadsheets. Null is an empty field and an empty text is <c>""</c>; bytes that are not UTF-8 are base64 in a column of their own. A text
/// that a spreadsheet would run as a formula gets an apostrophe before it: what is exact is <see cref="RecordLine"/>.
/// </summary>
public static class RecordCsv
{
    /// <summary>The first line.</summary>
    public const string Header = "topic,partition,offset,time,key,keyB64,value,valueB64,headers";

    /// <summary>A record, without the end of its line.</summary>
    public static string Line(StoredRecord record)
    {
        var line = RecordLine.From(record);
        string?[] fields =
        [
            line.Topic,
            record.Partition.ToString(CultureInfo.InvariantCulture),
            record.Offset.ToString(CultureInfo.InvariantCulture),
            record.Timestamp?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
            Harmless(line.Key),
            line.KeyBytes is null ? null : Convert.ToBase64String(line.KeyBytes),
            Harmless(line.Value),
            line.ValueBytes is null ? null : Convert.ToBase64String(line.ValueBytes),
            line.Headers is { Count: > 0 } headers ? JsonSerializer.Serialize(headers, RecordLine.Json) : null,
        ];
        return string.Join(',', fields.Select(Field));
    }

    /// <summary>The last line where the export ended before the records did.</summary>
    public static string CutShort(string why) => Field($"# cut short: {why}");

    private static string? Harmless(string? text) => text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] && !double.TryParse(text, CultureInfo.InvariantCulture, out _) ? $"'{text}" : text;

    private static string Field(string? text) => text switch
    {
        null => "",
        "" => "\"\"",
        _ when text.AsSpan().IndexOfAny(",\"\r\n") < 0 && text[0] != ' ' && text[^1] != ' ' => text,
        _ => new StringBuilder(text.Length + 8).Append('"').Append(text).Replace("\"", "\"\"", 1, text.Length).Append('"').ToString(),
    };
}
