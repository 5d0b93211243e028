using Garam.Messaging.Producing;

namespace Garam.Operations.DeadLetters;

/// <summary>What to send back instead of a letter's own key, value and headers. Start from <see cref="Of"/> and change what is wrong.</summary>
/// <param name="Key">Null: none.</param>
/// <param name="Value">Null: a tombstone.</param>
/// <param name="Headers">In their order.</param>
public sealed record LetterEdit(byte[]? Key, byte[]? Value, IReadOnlyList<RecordHeader> Headers)
{
    /// <summary>True: a value that was JSON may become something else. Default false: that is refused, it is nearly always a slip.</summary>
    public bool Force { get; init; }

    /// <summary>The letter as it is.</summary>
    public static LetterEdit Of(DeadLetter letter) => new(letter.Record.Key, letter.Record.Value, letter.OwnHeaders);

    internal bool IsSameAs(DeadLetter letter) => SameBytes(Key, letter.Record.Key) && SameBytes(Value, letter.Record.Value)
        && Headers.Count == letter.OwnHeaders.Count && Headers.Zip(letter.OwnHeaders).All(pair => pair.First.Name == pair.Second.Name && SameBytes(pair.First.Value, pair.Second.Value));

    /// <summary>Null is not empty.</summary>
    internal static bool SameBytes(ReadOnlyMemory<byte>? left, ReadOnlyMemory<byte>? right) =>
        left is null ? right is null : right is not null && left.Value.Span.SequenceEqual(right.Value.Span);

    internal static bool SameBytes(byte[]? left, byte[]? right) => SameBytes(RecordBytes.OrNull(left), RecordBytes.OrNull(right));
}

/// <summary>A line of the comparison between a letter and its edit.</summary>
/// <param name="Part">What it is a line of.</param>
/// <param name="Change">Whether it is in both, or in one of them only.</param>
/// <param name="Text">The line, as it is shown to a person.</param>
public sealed record DiffLine(LetterPart Part, LineChange Change, string Text);

/// <summary>A part of a record.</summary>
public enum LetterPart
{
    Key,
    Value,
    Headers,
}

/// <summary>Where a line is.</summary>
public enum LineChange
{
    /// <summary>In both.</summary>
    Same,

    /// <summary>In the letter only.</summary>
    Removed,

    /// <summary>In the edit only.</summary>
    Added,
}
