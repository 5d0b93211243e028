using System.CommandLine;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Garam.Operations;

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

    /// <summary>One YAML document.</summary>
    Yaml,
}

/// <summary>Prints things in the shape that was asked for with <c>-o</c>.</summary>
internal static class Output
{
    /// <summary>Text stays readable: Korean is not escaped, and what is written is data for a terminal, never for a web page.</summary>
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(), new SecondsConverter(), new FailureConverter() },
    };

    public static Option<OutputFormat?> Format()
    {
        var option = Choice.Option<OutputFormat>("--output", "-o", "table (if left out), json, ndjson (a JSON document a line), or yaml");
        option.Recursive = true;
        return option;
    }

    /// <summary>The shape that was asked for.</summary>
    public static OutputFormat Of(ParseResult parsed, Option<OutputFormat?> format) => parsed.GetValue(format) ?? OutputFormat.Table;

    /// <summary>Prints a list.</summary>
    public static void Print<T>(OutputFormat format, IReadOnlyList<T> items, params (string Title, Func<T, object?> Cell)[] columns) => Write(output =>
    {
        if (format is OutputFormat.Table)
            WriteTable(output, items, columns);
        else
            WriteDocuments(output, format, items);
    });

    /// <summary>Prints a list of which each thing is more than a row.</summary>
    public static void PrintAll<T>(OutputFormat format, IReadOnlyList<T> items, Action<TextWriter, T> show) => Write(output =>
    {
        if (format is not OutputFormat.Table)
            WriteDocuments(output, format, items);
        else
            foreach (var item in items)
                show(output, item);
    });

    /// <summary>Prints one thing, as a document or as <paramref name="table"/> writes it.</summary>
    public static void PrintOne<T>(OutputFormat format, T item, Action<TextWriter> table) => Write(output =>
    {
        if (format is OutputFormat.Table)
            table(output);
        else
            DocumentWriter.WriteOne(output, format, JsonSerializer.Serialize(item, Json));
    });

    public static void WriteTable<T>(TextWriter output, IReadOnlyList<T> items, params (string Title, Func<T, object?> Cell)[] columns) =>
        TextTable.Write(output, Terminal.Stdout, columns.Select(column => column.Title), items.Select(item => columns.Select(column => column.Cell(item))));

    private static void WriteDocuments<T>(TextWriter output, OutputFormat format, IReadOnlyList<T> items)
    {
        var documents = new DocumentWriter(output, format);
        foreach (var item in items)
            documents.Write(JsonSerializer.Serialize(item, Json));
        documents.End();
    }

    // Whole, at once: a list of ten thousand topics is ten thousand system calls by the console's own writer.
    private static void Write(Action<TextWriter> write)
    {
        using var output = new StreamWriter(CommandStreams.OpenOutput(), new UTF8Encoding(false), 32 * 1024) { NewLine = "\n" };
        write(output);
    }

    /// <summary>Durations are numbers of seconds: every program can compare them.</summary>
    private sealed class SecondsConverter : JsonConverter<TimeSpan>
    {
        public override TimeSpan Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => TimeSpan.FromSeconds(reader.GetDouble());

        public override void Write(Utf8JsonWriter writer, TimeSpan value, JsonSerializerOptions options) => writer.WriteNumberValue((decimal)value.TotalMilliseconds / 1000);
    }

    /// <summary>Of a failure, programs get what they decide by and what they can show.</summary>
    private sealed class FailureConverter : JsonConverter<OperationException>
    {
        public override OperationException Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException("failures are written only.");

        public override void Write(Utf8JsonWriter writer, OperationException value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            writer.WriteString("kind", value.Kind.ToString());
            writer.WriteString("message", value.Message);
            writer.WriteEndObject();
        }
    }
}
