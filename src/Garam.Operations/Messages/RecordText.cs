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

    /// <param name="bytes">Null for a tombstone or a record without a key.</param>
    /// <param name="limit">How many of the bytes to show at most.</param>
    public static RecordText Of(ReadOnlyMemory<byte>? bytes, int limit = DefaultLimit) => throw new NotImplementedException();

    /// <summary>The same on one line, for a table: JSON as it was written, line breaks visible, cut after <paramref name="characters"/>.</summary>
    public static string Line(ReadOnlyMemory<byte>? bytes, int characters = 200) => throw new NotImplementedException();
}
