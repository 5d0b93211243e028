using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Garam.Operations.Messages;

/// <summary>What the bytes of a key, a value or a header were taken for.</summary>
public enum RecordTextKind
{
    /// <summary>There are none: null, not empty.</summary>
    Null,

    /// <summary>UTF-8 that is one JSON document, indented by its lexical form: numbers and strings are the characters that were written.</summary>
    Json,

    /// <summary>UTF-8.</summary>
    Text,

    /// <summary>Neither: a hex dump, 16 bytes a line.</summary>
    Hex,
}

/// <summary>
/// How bytes are shown to a person. Text, and never markup: who puts it into a page encodes it. Control characters and the marks that turn the
/// direction of writing are made visible, so that a payload cannot disguise itself.
/// </summary>
/// <param name="Kind">What they were taken for.</param>
/// <param name="Text">What to show.</param>
/// <param name="Bytes">How many bytes there are in all; 0 for null.</param>
/// <param name="Truncated">The text shows the head only: there is more than was asked for.</param>
public sealed record RecordText(RecordTextKind Kind, string Text, int Bytes, bool Truncated)
{
    /// <summary>Bytes that are shown unless more is asked for.</summary>
    public const int DefaultLimit = 64 * 1024;

    private const int BytesOfLine = 16;

    /// <summary>As it is read best: JSON indented, text as it is, anything else as a hex dump.</summary>
    /// <param name="bytes">Null for a tombstone or a record without a key.</param>
    /// <param name="limit">How many of the bytes to show at most.</param>
    public static RecordText Of(ReadOnlyMemory<byte>? bytes, int limit = DefaultLimit) =>
        bytes is { } some && JsonText.Is(some.Span)
            ? new(RecordTextKind.Json, VisibleText.Of(JsonText.Indent(Head(some.Span, limit))), some.Length, some.Length > limit)
            : Raw(bytes, limit);

    /// <summary>As it was written: text as it is, anything else as a hex dump.</summary>
    /// <inheritdoc cref="Of" path="/param"/>
    public static RecordText Raw(ReadOnlyMemory<byte>? bytes, int limit = DefaultLimit) => bytes switch
    {
        null => new(RecordTextKind.Null, "", 0, false),
        { } some when Utf8.IsValid(some.Span) => new(RecordTextKind.Text, VisibleText.Of(Head(some.Span, limit)), some.Length, some.Length > limit),
        _ => Hex(bytes, limit),
    };

    /// <summary>As a hex dump: the offset, 16 bytes, and what of them is ASCII.</summary>
    /// <inheritdoc cref="Of" path="/param"/>
    public static RecordText Hex(ReadOnlyMemory<byte>? bytes, int limit = DefaultLimit)
    {
        if (bytes is not { } some)
            return new(RecordTextKind.Null, "", 0, false);
        var text = new StringBuilder();
        var shown = some.Span[..Math.Min(limit, some.Length)];
        for (var at = 0; at < shown.Length; at += BytesOfLine)
            AppendHexLine(text, at, shown[at..Math.Min(at + BytesOfLine, shown.Length)]);
        return new(RecordTextKind.Hex, text.ToString().TrimEnd('\n'), some.Length, some.Length > limit);
    }

    /// <summary>On one line, for a table: text as it was written, line breaks visible, cut after <paramref name="characters"/>; bytes that are no text in hex.</summary>
    public static string Line(ReadOnlyMemory<byte>? bytes, int characters = 200)
    {
        if (bytes is not { } some)
            return "";
        const int longestCharacter = 4;
        var head = some.Span[..Math.Min(some.Length, characters * longestCharacter)];
        if (head.Length < some.Length)
            head = head[..WholeCharacters(head)];
        if (!Utf8.IsValid(head))
            return Cut(string.Join(' ', head[..Math.Min(head.Length, characters / 3)].ToArray().Select(each => each.ToString("x2", CultureInfo.InvariantCulture))), characters, head.Length * 3 > characters);
        var text = Encoding.UTF8.GetString(head);
        return Cut(VisibleText.Of(text, keepLines: false), characters, head.Length < some.Length);
    }

    private static string Cut(string text, int characters, bool isHead)
    {
        if (text.Length <= characters)
            return isHead ? text + "…" : text;
        return text[..(char.IsHighSurrogate(text[characters - 1]) ? characters - 1 : characters)] + "…";
    }

    private static string Head(ReadOnlySpan<byte> bytes, int limit)
    {
        if (bytes.Length <= limit)
            return Encoding.UTF8.GetString(bytes);
        var head = bytes[..limit];
        return Encoding.UTF8.GetString(head[..WholeCharacters(head)]);
    }

    // A cut may fall into the middle of a character: at most three of its bytes lie before it.
    private static int WholeCharacters(ReadOnlySpan<byte> head)
    {
        for (var end = head.Length; end > 0 && end > head.Length - 4; end--)
        {
            if (head[end - 1] < 0x80)
                return end;
            if (head[end - 1] >= 0xc0)
                return end - 1 + LengthOf(head[end - 1]) <= head.Length ? end - 1 + LengthOf(head[end - 1]) : end - 1;
        }

        return head.Length;
    }

    private static int LengthOf(byte lead) => lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;

    private static void AppendHexLine(StringBuilder text, int at, ReadOnlySpan<byte> bytes)
    {
        text.Append(CultureInfo.InvariantCulture, $"{at:x8}  ");
        for (var index = 0; index < BytesOfLine; index++)
            text.Append(index < bytes.Length ? bytes[index].ToString("x2", CultureInfo.InvariantCulture) : "  ").Append(index == 7 ? "  " : " ");
        text.Append(' ');
        foreach (var each in bytes)
            text.Append(each is >= 0x20 and < 0x7f ? (char)each : '.');
        text.Append('\n');
    }
}
