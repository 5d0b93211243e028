using System.Text;

namespace Garam.Content.Moderation;

/// <summary>
/// How the Latin letters of a text read, whatever stands for them. Words between single blanks, with a blank at both ends,
/// so that a whole word is looked for as <c>" word "</c>.
/// <code>
/// B4d w0rd   b.a.d w-o-r-d   baaaad word   ──►   " bad word ... "
/// </code>
/// Where a spelling can be read in more than one way, the other readings follow at the end.
/// </summary>
internal static class LatinReading
{
    private const string Figures = "013457@$!|";
    private const string Letters = "oieastasii";

    /// <param name="normalized">A text as the text normaliser leaves it: lower case, without accents and wide forms.</param>
    public static string Of(string normalized)
    {
        var reading = new StringBuilder(" ");
        var otherReadings = new StringBuilder();
        var spelled = new StringBuilder();
        foreach (var chunk in normalized.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        {
            var words = chunk.Split(NotPartOfWords(chunk), StringSplitOptions.RemoveEmptyEntries);
            foreach (var word in words)
                AppendWord(word, reading, otherReadings, spelled);

            // b.a.d and ba-d: what the signs split apart is also read as one.
            if (words.Length > 1)
                AppendReadings(string.Concat(words), otherReadings);
        }

        FlushSpelled(spelled, otherReadings);
        return reading.Append(otherReadings).ToString();
    }

    private static char[] NotPartOfWords(string chunk) => [.. chunk.Where(c => !char.IsAsciiLetterOrDigit(c) && !Figures.Contains(c)).Distinct()];

    private static void AppendWord(string word, StringBuilder reading, StringBuilder otherReadings, StringBuilder spelled)
    {
        if (word.Length == 1 && char.IsAsciiLetter(word[0]))
            spelled.Append(word);
        else
            FlushSpelled(spelled, otherReadings);

        var letters = word.Trim('!', '|', '@', '$');
        if (!letters.Any(char.IsAsciiLetter))
            return;
        reading.Append(letters).Append(' ');
        AppendReadings(letters, otherReadings);
    }

    /// <summary>b a d: single letters in a row are a word that was spelled out.</summary>
    private static void FlushSpelled(StringBuilder spelled, StringBuilder otherReadings)
    {
        if (spelled.Length > 2)
            AppendReadings(spelled.ToString(), otherReadings);
        spelled.Clear();
    }

    private static void AppendReadings(string word, StringBuilder otherReadings)
    {
        var letters = string.Concat(word.Select(c => Figures.IndexOf(c) is var at and >= 0 ? Letters[at] : c));
        otherReadings.Append(letters).Append(' ');
        if (HasStretch(letters))
            otherReadings.Append(Shorten(letters, keep: 1)).Append(' ').Append(Shorten(letters, keep: 2)).Append(' ');
    }

    /// <summary>No English word has three of a letter in a row.</summary>
    private static bool HasStretch(string word)
    {
        for (var i = 2; i < word.Length; i++)
        {
            if (word[i] == word[i - 1] && word[i] == word[i - 2])
                return true;
        }

        return false;
    }

    private static string Shorten(string word, int keep)
    {
        var shortened = new StringBuilder(word.Length);
        for (var at = 0; at < word.Length;)
        {
            var end = at;
            while (end < word.Length && word[end] == word[at])
                end++;
            shortened.Append(word[at], end - at > 2 ? keep : end - at);
            at = end;
        }

        return shortened.ToString();
    }
}
