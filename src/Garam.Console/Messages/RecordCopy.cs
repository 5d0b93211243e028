using System.Globalization;
using System.Text;
using Garam.Operations.Messages;

namespace Garam.Console.Messages;

/// <summary>A record as text for a ticket or a mail: what it is, then its headers, then its value.</summary>
internal static class RecordCopy
{
    private const int Limit = 16 * 1024;

    public static string Text(StoredRecord record)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{record.Place}");
        if (record.Timestamp is { } time)
            text.Append(CultureInfo.InvariantCulture, $"  {time.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ}");
        text.Append('\n').Append("key: ").Append(record.Key switch { null => "(none)", [] => "(empty)", _ => RecordText.Line(record.Key) }).Append('\n');
        foreach (var header in record.Headers)
            text.Append(header.Name).Append(": ").Append(header.Value is null ? "(null)" : RecordText.Line(header.Value)).Append('\n');
        var value = RecordText.Of(record.Value, Limit);
        text.Append('\n').Append(record.Value is null ? "(tombstone)" : value.Text);
        if (value.Truncated)
            text.Append(CultureInfo.InvariantCulture, $"\n… of {Words.Count(value.Bytes, "byte")}");
        return text.ToString();
    }
}
