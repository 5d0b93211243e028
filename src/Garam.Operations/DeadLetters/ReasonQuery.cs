namespace Garam.Operations.DeadLetters;

/// <summary>The query that selects the letters that failed as one did.</summary>
internal static class ReasonQuery
{
    public static string Of(DeadLetter letter) => LetterReading.ExceptionHeader(letter) is { } header
        ? $"headers.{header}:\"{letter.Exception!.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\""
        : "";
}
