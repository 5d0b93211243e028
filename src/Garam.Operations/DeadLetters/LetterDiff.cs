using Garam.Messaging.Producing;
using Garam.Operations.Messages;

namespace Garam.Operations.DeadLetters;

/// <summary>An edit beside the letter, as a person reads both.</summary>
internal static class LetterDiff
{
    private const int MaxShown = 1024 * 1024;
    private const int MaxHeader = 1_000;

    public static IReadOnlyList<DiffLine> Of(DeadLetter letter, LetterEdit edit) =>
    [
        .. Lines(LetterPart.Key, Shown(letter.Record.Key), Shown(edit.Key)),
        .. Lines(LetterPart.Headers, Shown(letter.OwnHeaders), Shown(edit.Headers)),
        .. Lines(LetterPart.Value, Shown(letter.Record.Value), Shown(edit.Value)),
    ];

    private static IEnumerable<DiffLine> Lines(LetterPart part, string before, string after) =>
        before.Length == 0 && after.Length == 0 ? [] : LineDiff.Of(before, after).Select(line => new DiffLine(part, line.Change, line.Text));

    private static string Shown(byte[]? bytes) => bytes is null ? "(null)" : RecordText.Of(bytes, MaxShown).Text;

    private static string Shown(IReadOnlyList<RecordHeader> headers) =>
        string.Join('\n', headers.Select(header => $"{header.Name}: {(header.Value is null ? "(null)" : RecordText.Line(header.Value, MaxHeader))}"));
}
