using System.Text;

namespace Garam.Content.Moderation;

/// <summary>
/// How the Latin letters of a text read, whatever is used in place of them. Words between single blanks, with a blank at both ends,
/// so that a whole word is looked for as <c>" word "</c>.
/// <code>
/// B4d w0rd   b.a.d.l.y   b a d l y   bad**ly**   baaaad word   ──►   " bad word badiy ... "
/// </code>
/// l and i, which look alike, are both written i. What a spelling reads like beside its plain words follows at the end.
/// </summary>
internal static class LatinReading
{
    private const string Figures = "0134578@$!|l";
    private const string Letters = "oieastbasiii";

    /// <summary>Marks of emphasis: what they split apart is one word.</summary>
    private const string Emphasis = "*~`";

    private const string Hyphens = "-_'";
    private const string Formulas = "()[]{}=+<>^";

    /// <summary>Initials and short codes are not words: K.Y.S., KY5.</summary>
    private const int ShortestSpelling = 4;

    /// <param name="normalized">A text as the text normaliser leaves it: lower case, without accents and wide forms.</param>
    public static string Of(string normalized)
    {
        var reading = new StringBuilder(" ", normalized.Length + 2);
        var otherReadings = new StringBuilder();
        var spelled = new StringBuilder();
        foreach (var chunk in normalized.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            AppendChunk(chunk, reading, otherReadings, spelled);
        FlushSpelled(spelled, otherReadings);
        return reading.Append(otherReadings).ToString();
    }

    /// <summary>A phrase of the lexicon, written like a reading.</summary>
    public static string OfPhrase(string phrase) => string.Concat(phrase.Select(ToLetter));

    private static void AppendChunk(string chunk, StringBuilder reading, StringBuilder otherReadings, StringBuilder spelled)
    {
        var words = WordsOf(chunk);
        var isFormula = chunk.AsSpan().ContainsAny(Formulas);
        foreach (var word in words)
        {
            if (word.Length == 1 && char.IsAsciiLetter(word[0]) && !isFormula)
                spelled.Append(word);
            else
                FlushSpelled(spelled, otherReadings);
            AppendWord(word, reading, otherReadings);
        }

        if (words.Count > 1 && IsOneWord(chunk, words))
            AppendOther(string.Concat(words), otherReadings);
    }

    private static List<string> WordsOf(string chunk)
    {
        var words = new List<string>();
        for (var start = 0; start < chunk.Length; start++)
        {
            var end = start;
            while (end < chunk.Length && IsInWord(chunk[end]))
                end++;
            if (end > start)
                words.Add(chunk[start..end]);
            start = end;
        }

        return words;
    }

    private static bool IsInWord(char c) => char.IsAsciiLetterOrDigit(c) || Figures.Contains(c);

    /// <summary>b.a.d.l.y and ba-dly are one word; s.hit() and t-watch are not.</summary>
    private static bool IsOneWord(string chunk, List<string> words)
    {
        var signs = string.Concat(chunk.Where(c => !IsInWord(c)));
        return words.Count(word => word.Length == 1) >= ShortestSpelling - 1 && !signs.AsSpan().ContainsAny(Formulas)
            || !signs.AsSpan().ContainsAnyExcept(Emphasis)
            || words.TrueForAll(word => word.Length > 1) && !signs.AsSpan().Trim(".,!?\"").ContainsAnyExcept(Hyphens);
    }

    private static void AppendWord(string word, StringBuilder reading, StringBuilder otherReadings)
    {
        var letters = word.Trim('!', '|', '$');
        if (!letters.Any(char.IsAsciiLetter))
            return;
        var read = Read(letters.Trim('@'));
        reading.Append(read).Append(' ');
        AppendVariants(read, otherReadings);
        if (letters[0] == '@')
            AppendOther(letters, otherReadings);
    }

    /// <summary>b a d l y: single letters in a row are a word that was spelled out.</summary>
    private static void FlushSpelled(StringBuilder spelled, StringBuilder otherReadings)
    {
        if (spelled.Length >= ShortestSpelling)
            AppendOther(spelled.ToString(), otherReadings);
        spelled.Clear();
    }

    private static void AppendOther(string word, StringBuilder otherReadings)
    {
        var read = Read(word);
        otherReadings.Append(read).Append(' ');
        AppendVariants(read, otherReadings);
    }

    /// <summary>No English word has three of a letter in a row.</summary>
    private static void AppendVariants(string read, StringBuilder otherReadings)
    {
        if (HasStretch(read))
            otherReadings.Append(Shorten(read, keep: 1)).Append(' ').Append(Shorten(read, keep: 2)).Append(' ');
    }

    /// <summary>Figures stand for letters only in a word of mostly letters.</summary>
    private static string Read(string word)
    {
        var letters = word.Count(char.IsAsciiLetter);
        return word.Length < ShortestSpelling || letters * 2 < word.Length
            ? word.Replace('l', 'i')
            : string.Concat(word.Select(ToLetter));
    }

    private static char ToLetter(char c) => Figures.IndexOf(c) is var at and >= 0 ? Letters[at] : c;

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
