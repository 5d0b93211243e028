namespace Garam.Operations.Queries;

/// <summary>Signs that a person takes for operators. The language has four of them; the others are mistakes, and not text to search for.</summary>
internal static class QueryOperators
{
    private const string Comparing = "<>=!≤≥≠";

    /// <summary>The operator that begins there; empty where none does.</summary>
    public static string At(string text, int at)
    {
        var end = at;
        while (end < text.Length && (Comparing.Contains(text[end]) || (end > at && text[end] == '~')))
            end++;
        return end > at ? text[at..end] : text.AsSpan(at) is ['&', '&', ..] or ['|', '|', ..] ? text[at..(at + 2)] : "";
    }

    /// <summary>The first operator in a word: at its start, or behind what could be the name of a field. Null where there is none.</summary>
    public static (string Name, string Sign)? In(string word)
    {
        var name = 0;
        while (name < word.Length && (char.IsLetterOrDigit(word[name]) || word[name] is '.' or '_' or '-'))
            name++;
        return At(word, name) is { Length: > 0 } sign ? (word[..name], sign) : null;
    }

    public static QuerySyntaxException Unknown(string sign, int column) =>
        new($"{sign} is not an operator: write FIELD:VALUE, FIELD > VALUE (also >=, < and <=), and, or, not; put text with these signs in quotes.", column);
}
