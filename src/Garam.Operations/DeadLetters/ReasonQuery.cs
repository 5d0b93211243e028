namespace Garam.Operations.DeadLetters;

/// <summary>The query that selects the letters that failed as one did.</summary>
internal static class ReasonQuery
{
    // A query is 4,000 characters at most. A type of that length is not one that we were told in good faith.
    private const int LongestType = 1_000;

    /// <summary>Letters that name no exception, in the headers of anybody.</summary>
    private static readonly string Unnamed = string.Join(' ', HeaderConvention.Known.SelectMany(convention => convention.Exception).Select(header => $"not headers.{header}:*"));

    public static string Of(DeadLetter letter)
    {
        if (LetterReading.ExceptionHeader(letter) is not { } header || letter.Exception is not { } type)
            return Unnamed;
        return type.Length <= LongestType ? $"headers.{header}:\"{Escaped(type)}\"" : $"headers.{header}:*";
    }

    private static string Escaped(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
}
