using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Garam.CommandLine;

/// <summary>Shapes of what a command prints.</summary>
internal enum OutputFormat
{
    /// <summary>Columns for a person.</summary>
    Table,

    /// <summary>One JSON document.</summary>
    Json,

    /// <summary>One JSON document a line.</summary>
    Ndjson,
}

/// <summary>Prints lists of things in the shape that was asked for with <c>-o</c>.</summary>
internal static class Output
{
    /// <summary>Text stays readable: Korean is not escaped, and what is written is data for a terminal, never for a web page.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter() },
    };

    private static readonly JsonSerializerOptions Indented = new(Json) { WriteIndented = true };

    public static Option<OutputFormat> Format() => new("--output", "-o")
    {
        Description = "table, json, or ndjson (one JSON document a line)",
        HelpName = "FORMAT",
        DefaultValueFactory = _ => OutputFormat.Table,
        Recursive = true,
    };

    public static void Print<T>(OutputFormat format, IReadOnlyList<T> items, params (string Title, Func<T, object?> Cell)[] columns)
    {
        switch (format)
        {
            case OutputFormat.Json:
                System.Console.Out.WriteLine(JsonSerializer.Serialize(items, Indented));
                break;
            case OutputFormat.Ndjson:
                foreach (var item in items)
                    System.Console.Out.WriteLine(JsonSerializer.Serialize(item, Json));
                break;
            default:
                TextTable.Write(System.Console.Out, columns.Select(column => column.Title), items.Select(item => columns.Select(column => column.Cell(item))));
                break;
        }
    }
}
