using System.Text;

namespace Garam.Content.Text;

/// <summary>
/// Words as overlapping pairs of syllables (or letters), the form in which search.db keeps them. Korean words of two syllables are a
/// quarter of all words and particles stick to their ends, so neither whole words nor trigrams find them.
/// <code>
///   영화관      indexed as   영화 화관 관       the last syllable alone ends the word: no phrase reaches into the next one
///   영화관 ?    asked as     "영화 화관"        a phrase: these pairs side by side
///   관 ?        asked as     "관"*              the pairs that begin with it, and the single one at a word's end
/// </code>
/// </summary>
internal static class Bigrams
{
    /// <summary>Every word of a text that is already normalised, as tokens separated by blanks.</summary>
    public static string ForIndex(string normalized)
    {
        var tokens = new StringBuilder(normalized.Length * 3);
        foreach (var word in Words.Of(normalized))
        {
            var last = AppendPairs(tokens, word);
            tokens.Append(word.AsSpan(last)).Append(' ');
        }

        return tokens.ToString();
    }

    /// <summary>One normalised word as an FTS5 phrase. Words hold no quotes, so nothing in it can be read as query syntax.</summary>
    public static string ForQuery(string word)
    {
        var phrase = new StringBuilder("\"");
        var last = AppendPairs(phrase, word);
        return last == 0
            ? phrase.Append(word).Append("\"*").ToString()
            : phrase.Append('"').ToString();
    }

    /// <summary>Appends the pairs, each followed by a blank, and answers where the last syllable begins.</summary>
    private static int AppendPairs(StringBuilder tokens, string word)
    {
        var first = 0;
        for (var second = LengthAt(word, 0); second < word.Length;)
        {
            var end = second + LengthAt(word, second);
            tokens.Append(word.AsSpan(first, end - first)).Append(' ');
            (first, second) = (second, end);
        }

        return first;
    }

    private static int LengthAt(string word, int at) => char.IsHighSurrogate(word[at]) ? 2 : 1;
}
