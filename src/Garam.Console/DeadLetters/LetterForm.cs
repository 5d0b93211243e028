using System.Globalization;
using System.Text;
using Garam.Messaging.Producing;
using Garam.Operations.DeadLetters;
using Microsoft.AspNetCore.Http;

namespace Garam.Console.DeadLetters;

/// <summary>
/// A letter in a form: what may be changed of it before it is sent back. Parts that a text field cannot hold are shown, and sent as they are;
/// what nobody has touched keeps its bytes.
/// </summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The value.</param>
/// <param name="Headers">The record's own headers, in their order.</param>
/// <param name="Force">JSON may become something else.</param>
public sealed record LetterForm(EditablePart Key, EditablePart Value, IReadOnlyList<EditableHeader> Headers, bool Force)
{
    private const int MostHeaders = 1_000;

    public static LetterForm Of(DeadLetter letter) => new(
        EditablePart.Of(letter.Record.Key),
        EditablePart.Of(letter.Record.Value),
        [.. letter.OwnHeaders.Select(header => new EditableHeader(header.Name, EditablePart.Of(header.Value?.ToArray())))],
        false);

    /// <summary>What was filled in, on top of the letter that the form was made of.</summary>
    public static LetterForm Of(DeadLetter letter, IFormCollection form)
    {
        var blank = Of(letter);
        return new LetterForm(blank.Key.With(form, "key"), blank.Value.With(form, "value"), [.. HeadersOf(blank, form)], form.ContainsKey("force"));
    }

    /// <summary>What to send instead of the letter; null where nothing differs from it.</summary>
    public LetterEdit? Edit(DeadLetter letter)
    {
        var edit = new LetterEdit(Key.Bytes, Value.Bytes, [.. Headers.Select(header => new RecordHeader(header.Name, RecordBytes.OrNull(header.Value.Bytes)))]) { Force = Force };
        return IsSame(edit, LetterEdit.Of(letter)) ? null : edit;
    }

    // A form without any such field is none of the letter's page, but the press of a button that sends it as it is.
    private static IEnumerable<EditableHeader> HeadersOf(LetterForm blank, IFormCollection form) => form.ContainsKey(Field(0, "name")) ? SentHeaders(blank, form) : blank.Headers;

    private static IEnumerable<EditableHeader> SentHeaders(LetterForm blank, IFormCollection form)
    {
        for (var index = 0; index < MostHeaders && form.ContainsKey(Field(index, "name")); index++)
        {
            var name = form[Field(index, "name")].ToString();
            if (name.Length == 0 || form.ContainsKey(Field(index, "drop")))
                continue;
            var original = index < blank.Headers.Count ? blank.Headers[index].Value : EditablePart.Of([]);
            yield return new EditableHeader(name, original.With(form, Field(index, "value")));
        }
    }

    /// <summary>The name of a field of a header.</summary>
    public static string Field(int header, string part) => string.Create(CultureInfo.InvariantCulture, $"header-{header}-{part}");

    private static bool IsSame(LetterEdit one, LetterEdit other) =>
        IsSame(one.Key, other.Key) && IsSame(one.Value, other.Value) && one.Headers.Count == other.Headers.Count
        && one.Headers.Zip(other.Headers).All(pair => pair.First.Name == pair.Second.Name && IsSame(pair.First.Value?.ToArray(), pair.Second.Value?.ToArray()));

    private static bool IsSame(byte[]? one, byte[]? other) => (one, other) switch
    {
        (null, null) => true,
        (null, _) or (_, null) => false,
        _ => one.AsSpan().SequenceEqual(other),
    };
}

/// <summary>A header in the form.</summary>
public sealed record EditableHeader(string Name, EditablePart Value);

/// <summary>A key, a value or the value of a header in the form.</summary>
/// <param name="Bytes">What it is now; null: there is none, which is something else than empty.</param>
/// <param name="Text">What the text field shows; null where a text field cannot hold it, and it stays as it is.</param>
public sealed record EditablePart(byte[]? Bytes, string? Text)
{
    /// <summary>Longer than this is no work for a text field.</summary>
    private const int Longest = 2 * 1024 * 1024;

    public static EditablePart Of(byte[]? bytes) => new(bytes, bytes is null ? "" : bytes.Length <= Longest ? EditableText.Of(bytes) : null);

    /// <summary>
    /// With what the form says of it. None and empty are different things that look alike in a field: the box beside it, which counts only where
    /// the field is empty, says which is meant.
    /// </summary>
    public EditablePart With(IFormCollection form, string name)
    {
        if (Text is null || !form.TryGetValue(name, out var sent))
            return this;
        var text = EditableText.Restore(sent.ToString(), Text);
        return text.Length == 0 && form.ContainsKey($"{name}-none") ? new EditablePart(null, "") : new EditablePart(Encoding.UTF8.GetBytes(text), text);
    }
}
