using System.Text.Json;
using Garam.Messaging.Failures;

namespace Garam.Operations.DeadLetters;

/// <summary>Finds the slips in an edit that would make the next failure.</summary>
internal static class EditCheck
{
    // System.Text.Json stops at 64 by itself, which is deep for a person and not for a program.
    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 1_000 };

    /// <exception cref="OperationException">JSON would become something else, or a header has a name that is ours.</exception>
    public static void Check(DeadLetter letter, LetterEdit edit)
    {
        if (edit.Headers.Select(header => header.Name).FirstOrDefault(IsOurs) is { } ours)
            throw new OperationException(FailureKind.Invalid, $"header {ours}: names that begin with {DeadLetterHeaders.Prefix} or {RedriveHeaders.Prefix} are written by the re-drive itself.");
        if (edit.Force || LetterEdit.SameBytes(letter.Record.Value, edit.Value) || letter.Record.Value is not { } before || Mistake(before) is not null)
            return;
        if (edit.Value is not { } after)
            throw new OperationException(FailureKind.Invalid, "the value was JSON, and would become a tombstone. Force it if that is meant.");
        if (Mistake(after) is { } mistake)
            throw new OperationException(FailureKind.Invalid, $"the value was JSON, and would not be any more: {mistake} Force it if that is meant.");
    }

    private static bool IsOurs(string header) =>
        header.StartsWith(DeadLetterHeaders.Prefix, StringComparison.Ordinal) || header.StartsWith(RedriveHeaders.Prefix, StringComparison.Ordinal);

    private static string? Mistake(byte[] value)
    {
        try
        {
            JsonDocument.Parse(value, Deep).Dispose();
            return null;
        }
        catch (JsonException exception)
        {
            return exception.Message;
        }
    }
}
