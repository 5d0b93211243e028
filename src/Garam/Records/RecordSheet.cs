using Garam.CommandLine;
using Garam.Messaging.Producing;
using Garam.Operations.Messages;

namespace Garam.Records;

/// <summary>A record in full, for a person.</summary>
internal static class RecordSheet
{
    public static void Write(TextWriter output, StoredRecord record, IReadOnlyList<RecordHeader> headers)
    {
        Row(output, "record", $"{record.Topic} {record.Partition}:{record.Offset}");
        Row(output, "time", record.Timestamp is { } time ? TimeText.Of(time) : "none");
        Row(output, "key", Line(record.Key));
        foreach (var header in headers)
            Row(output, "header", $"{header.Name} = {Line(header.Value)}");
        var value = RecordText.Of(record.Value);
        Row(output, "value", value.Kind is RecordTextKind.Null ? "null: a tombstone" : $"{Words.Count(value.Bytes, "byte")}, {value.Kind.ToString().ToLowerInvariant()}{(value.Truncated ? ", the beginning of it" : "")}");
        if (value.Kind is not RecordTextKind.Null)
            output.WriteLine(value.Text);
    }

    public static void Row(TextWriter output, string name, string text) => output.WriteLine($"{name,-8} {Cells.Visible(text)}");

    private static string Line(ReadOnlyMemory<byte>? bytes) => bytes switch { null => "null", { Length: 0 } => "(empty)", _ => RecordText.Line(bytes, 1_000) };
}
