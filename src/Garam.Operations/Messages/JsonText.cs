using System.Text;
using System.Text.Json;

namespace Garam.Operations.Messages;

/// <summary>JSON, indented by its characters alone: numbers and strings stay as they were written, which a parser would not promise.</summary>
internal static class JsonText
{
    private const int MaxDepth = 256;

    // Deeper than this the text would be mostly margin.
    private const int MaxIndent = 32;

    /// <summary>Whether bytes are one object or array, whole.</summary>
    public static bool Is(ReadOnlySpan<byte> bytes)
    {
        if (bytes.TrimStart(" \t\r\n"u8) is not [(byte)'{' or (byte)'[', ..])
            return false;
        try
        {
            var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = MaxDepth });
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <param name="json">A document, or the beginning of one.</param>
    public static string Indent(string json)
    {
        var text = new StringBuilder(json.Length * 2);
        var depth = 0;
        for (var at = 0; at < json.Length; at++)
        {
            switch (json[at])
            {
                case '"':
                    at = CopyString(json, at, text);
                    break;
                case '{' or '[':
                    text.Append(json[at]);
                    if (Next(json, at) is '}' or ']')
                        break;
                    NewLine(text, ++depth);
                    break;
                case '}' or ']':
                    if (text[^1] is not ('{' or '['))
                        NewLine(text, --depth);
                    text.Append(json[at]);
                    break;
                case ',':
                    text.Append(',');
                    NewLine(text, depth);
                    break;
                case ':':
                    text.Append(": ");
                    break;
                case ' ' or '\t' or '\r' or '\n':
                    break;
                default:
                    text.Append(json[at]);
                    break;
            }
        }

        return text.ToString();
    }

    private static int CopyString(string json, int from, StringBuilder text)
    {
        var at = from + 1;
        while (at < json.Length && json[at] != '"')
            at += json[at] == '\\' ? 2 : 1;
        var end = Math.Min(at, json.Length - 1);
        text.Append(json, from, end - from + 1);
        return end;
    }

    private static char? Next(string json, int at)
    {
        for (at++; at < json.Length; at++)
        {
            if (json[at] is not (' ' or '\t' or '\r' or '\n'))
                return json[at];
        }

        return null;
    }

    private static void NewLine(StringBuilder text, int depth) => text.Append('\n').Append(' ', 2 * Math.Clamp(depth, 0, MaxIndent));
}
