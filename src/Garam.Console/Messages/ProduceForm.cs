using System.Globalization;
using System.Text;
using Garam.Console.DeadLetters;
using Garam.Messaging.Producing;
using Garam.Operations;
using Garam.Operations.Commands;
using Garam.Operations.Messages;
using Microsoft.AspNetCore.Http;

namespace Garam.Console.Messages;

/// <summary>How a field of a form stands for bytes.</summary>
internal enum FieldForm
{
    /// <summary>UTF-8.</summary>
    Text,

    /// <summary>Base64: for bytes that are no text, or text that a form field would change.</summary>
    Base64,

    /// <summary>No bytes at all: no key, a tombstone, a header without a value.</summary>
    Null,
}

/// <summary>A key, a value or a header's value as a form holds it.</summary>
internal readonly record struct FieldBytes(FieldForm Form, string Text)
{
    public static readonly FieldBytes None = new(FieldForm.Null, "");

    public static readonly FieldBytes Empty = new(FieldForm.Text, "");

    public static FieldBytes Of(byte[]? bytes) => bytes is null ? None
        : EditableText.Of(bytes) is { } text ? new(FieldForm.Text, text)
        : new(FieldForm.Base64, Convert.ToBase64String(bytes));

    /// <exception cref="OperationException">It is no base64, or there is text where null was chosen: dropping it in silence would write another record than was meant.</exception>
    public byte[]? ToBytes(string what)
    {
        switch (Form)
        {
            case FieldForm.Null:
                return Text.Length == 0 ? null : throw new OperationException(FailureKind.Invalid, $"the {what} holds text, but none is chosen for it: choose text, or empty the field.");
            case FieldForm.Text:
                return Encoding.UTF8.GetBytes(Text);
            default:
                try
                {
                    return Convert.FromBase64String(Text);
                }
                catch (FormatException exception)
                {
                    throw new OperationException(FailureKind.Invalid, $"the {what} is not valid base64: choose text, or correct it.", exception);
                }
        }
    }
}

/// <summary>The form that writes a record: empty, or filled with a record that is sent again.</summary>
internal sealed record ProduceForm(FieldBytes Key, FieldBytes Value, IReadOnlyList<(string Name, FieldBytes Value)> Headers, string Partition)
{
    /// <summary>Rows of headers that are there to be filled.</summary>
    public const int SpareHeaders = 3;

    /// <summary>The box that has to be ticked before a record is sent again.</summary>
    public const string ConfirmField = "again";

    private const int MostHeaders = 200;

    public static readonly ProduceForm Blank = new(FieldBytes.None, FieldBytes.Empty, [], "");

    public static ProduceForm Of(StoredRecord record) => new(
        FieldBytes.Of(record.Key),
        FieldBytes.Of(record.Value),
        [.. record.Headers.Select(header => (header.Name, FieldBytes.Of(header.Value?.ToArray())))],
        "");

    /// <exception cref="OperationException">A record would be sent again, and nobody has confirmed it.</exception>
    public static void EnsureConfirmed(IFormCollection form, StoredRecord? original)
    {
        if (original is not null && form[ConfirmField] != "true")
            throw new OperationException(FailureKind.Invalid, "nothing was written: tick the box to confirm that the record is sent again.");
    }

    /// <summary>What was typed into the form, mistakes among it.</summary>
    /// <param name="form">As the browser sent it.</param>
    /// <param name="original">The record that the form was filled with; null: none.</param>
    public static ProduceForm Of(IFormCollection form, StoredRecord? original)
    {
        var headers = new List<(string Name, FieldBytes Value)>();
        for (var row = 0; row < MostHeaders && form.ContainsKey($"header{row}"); row++)
        {
            if (form[$"header{row}"].ToString() is { Length: > 0 } name)
                headers.Add((name, Field(form, $"headerValue{row}", original?.Headers.ElementAtOrDefault(row).Value?.ToArray())));
        }

        return new ProduceForm(Field(form, "key", original?.Key), Field(form, "value", original?.Value), headers, form["partition"].ToString());
    }

    /// <exception cref="OperationException">A field cannot be understood.</exception>
    public NewRecord ToRecord(string topic) => new(topic, Key.ToBytes("key"), Value.ToBytes("value"))
    {
        Headers = [.. Headers.Select(header => new RecordHeader(header.Name, RecordBytes.OrNull(header.Value.ToBytes($"header {header.Name}"))))],
        Partition = Partition.Length == 0 ? null
            : int.TryParse(Partition, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : throw new OperationException(FailureKind.Invalid, $"{Partition} is not a partition: write a number from 0."),
    };

    /// <summary>The command that writes the same record; null while a field makes no sense.</summary>
    public ShellCommand? Command(string topic)
    {
        try
        {
            return RecordCommands.Produce(ToRecord(topic));
        }
        catch (OperationException)
        {
            return null;
        }
    }

    // The browser sends every end of line as CR LF: those of the record that was put into the form are given back.
    private static FieldBytes Field(IFormCollection form, string name, byte[]? original)
    {
        var sent = form[name].ToString();
        return Enum.TryParse<FieldForm>(form[name + "Form"], ignoreCase: true, out var kind) && kind is not FieldForm.Text
            ? new(kind, sent)
            : new(FieldForm.Text, EditableText.Restore(sent, original is null ? null : EditableText.Of(original)));
    }
}
