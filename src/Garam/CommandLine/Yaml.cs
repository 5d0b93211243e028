using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Garam.CommandLine;

/// <summary>
/// A JSON document in YAML 1.2's block style. A string is written bare only where no reader, of YAML 1.1 either, can take it for anything else
/// ("no" is a word and not false, "0755" is no number); numbers keep their digits.
/// </summary>
internal static class Yaml
{
    private static readonly string[] Reserved = ["true", "false", "yes", "no", "on", "off", "y", "n", "null"];

    /// <param name="output">Where to write.</param>
    /// <param name="node">What to write; ends with a line break.</param>
    /// <param name="indent">Spaces before each line, but for the first of an object in a list, which its dash stands before.</param>
    public static void Write(TextWriter output, JsonNode? node, int indent = 0)
    {
        switch (node)
        {
            case JsonObject { Count: > 0 } fields:
                WriteFields(output, fields, indent, firstIndent: indent);
                break;
            case JsonArray { Count: > 0 } items:
                foreach (var item in items)
                    WriteItem(output, item, indent);
                break;
            default:
                output.WriteLine(Scalar(node));
                break;
        }
    }

    /// <summary>One element of a list.</summary>
    public static void WriteItem(TextWriter output, JsonNode? item, int indent = 0)
    {
        output.Write(new string(' ', indent) + "-");
        if (item is JsonObject { Count: > 0 } fields)
        {
            output.Write(' ');
            WriteFields(output, fields, indent + 2, firstIndent: 0);
        }
        else
        {
            WriteValue(output, item, indent + 2);
        }
    }

    private static void WriteFields(TextWriter output, JsonObject fields, int indent, int firstIndent)
    {
        var margin = firstIndent;
        foreach (var (name, value) in fields)
        {
            output.Write($"{new string(' ', margin)}{Text(name)}:");
            WriteValue(output, value, indent + 2);
            margin = indent;
        }
    }

    private static void WriteValue(TextWriter output, JsonNode? value, int indent)
    {
        var nested = value is JsonObject { Count: > 0 } or JsonArray { Count: > 0 };
        output.Write(nested ? "\n" : " ");
        Write(output, value, indent);
    }

    private static string Scalar(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject => "{}",
        JsonArray => "[]",
        _ when node.GetValueKind() is JsonValueKind.String => Text(node.GetValue<string>()),
        _ => node.ToJsonString(),
    };

    private static string Text(string text) => IsPlain(text) ? text : Quote(text);

    private static bool IsPlain(string text) =>
        text.Length > 0 && char.IsAsciiLetter(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '/')
        && !Reserved.Contains(text, StringComparer.OrdinalIgnoreCase);

    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (var rune in text.EnumerateRunes())
            quoted.Append(rune.Value switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                <= 0xFFFF and var code when !IsPrintable(rune) => $"\\u{code:X4}",
                var code when !IsPrintable(rune) => $"\\U{code:X8}",
                _ => rune.ToString(),
            });
        return quoted.Append('"').ToString();
    }

    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
