using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Garam.CommandLine;

/// <summary>Documents one after the other, for programs: a JSON array, a line each, or a YAML list. Nothing is kept, so that a stream may be endless.</summary>
internal sealed class DocumentWriter(TextWriter output, OutputFormat format)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private bool _any;

    /// <param name="json">The document, as one line of JSON.</param>
    public void Write(string json)
    {
        switch (format)
        {
            case OutputFormat.Json:
                output.Write($"{(_any ? "," : "[")}\n  {Pretty(json).Replace("\n", "\n  ", StringComparison.Ordinal)}");
                break;
            case OutputFormat.Yaml:
                Yaml.WriteItem(output, JsonNode.Parse(json));
                break;
            default:
                output.Write(json + "\n");
                break;
        }

        _any = true;
    }

    /// <summary>Closes the list; an empty one is a document, too.</summary>
    public void End()
    {
        if (format is OutputFormat.Json)
            output.Write(_any ? "\n]\n" : "[]\n");
        else if (format is OutputFormat.Yaml && !_any)
            output.Write("[]\n");
    }

    /// <summary>Writes a single document, which is no list.</summary>
    public static void WriteOne(TextWriter output, OutputFormat format, string json)
    {
        if (format is OutputFormat.Yaml)
            Yaml.Write(output, JsonNode.Parse(json));
        else
            output.Write((format is OutputFormat.Json ? Pretty(json) : json) + "\n");
    }

    private static string Pretty(string json) => JsonNode.Parse(json)!.ToJsonString(Indented);
}
