using Garam.Messaging.Producing;
using Garam.Operations.DeadLetters;
using Garam.Operations.Messages;

namespace Garam.Console.DeadLetters;

/// <summary>A letter as JSON: the record as the command line writes it, without loss, and what its headers say of the failure.</summary>
internal sealed record LetterLine(
    RecordLine Record,
    string State,
    string? Convention,
    string? SourceTopic,
    int? SourcePartition,
    long? SourceOffset,
    string? Group,
    int? Attempts,
    string? Exception,
    string? Message,
    string? Stack,
    DateTimeOffset? At,
    int Redrives,
    DateTimeOffset? RedrivenAt,
    StoredPlace? RedrivenTo)
{
    public static LetterLine Of(DeadLetter letter) => new(
        RecordLine.From(letter.Record),
        letter.State.ToString(),
        letter.Convention,
        letter.SourceTopic,
        letter.SourcePartition,
        letter.SourceOffset,
        letter.Group,
        letter.Attempts,
        letter.Exception,
        letter.Message,
        letter.Stack,
        letter.At,
        letter.Redrives,
        letter.Redriven?.At,
        letter.Redriven?.To);
}

/// <summary>What to send instead of a letter: a record as the command line writes it, of which key, value and headers count.</summary>
/// <param name="Record">All of it: what is left out is sent as null.</param>
/// <param name="Force">JSON may become something else.</param>
internal sealed record EditLine(RecordLine Record, bool Force)
{
    public LetterEdit ToEdit()
    {
        var message = Record.ToMessage();
        return new LetterEdit(message.Key, message.Value, [.. message.Headers.Select(header => new RecordHeader(header.Key, RecordBytes.OrNull(header.GetValueBytes())))]) { Force = Force };
    }
}
