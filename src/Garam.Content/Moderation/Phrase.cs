using Garam.Content.Text;

namespace Garam.Content.Moderation;

/// <summary>Which form of a text (<see cref="Reading"/>) a phrase is looked for in.</summary>
internal enum Script
{
    Hangul,
    Latin,

    /// <summary>Korean with figures or Latin letters.</summary>
    Mixed,
}

/// <summary>A phrase of the lexicon, written as the reading of the same text would be.</summary>
/// <param name="Section">The section of the lexicon, or a tag.</param>
/// <param name="Script">The form it is looked for in.</param>
/// <param name="Text">What is looked for; a blank at its end is the end of a word.</param>
/// <param name="StartsWord">Whether it is found at the beginning of words only.</param>
internal sealed record Phrase(string Section, Script Script, string Text, bool StartsWord)
{
    /// <summary>
    /// Reads a phrase of the lexicon: a Korean one is found inside words (particles and endings follow it) unless ^ binds it to the
    /// beginning of one and $ to the end; any other is a whole word, or the beginning of one where it ends with a star.
    /// </summary>
    public static Phrase Parse(string section, string phrase)
    {
        var normalized = TextNormalizer.Normalize(phrase);
        if (!normalized.Any(Hangul.IsLetter))
            return new Phrase(section, Script.Latin, WholeWord(LatinReading.OfPhrase(normalized)), StartsWord: true);
        if (normalized.Any(char.IsAsciiLetterOrDigit))
            return new Phrase(section, Script.Mixed, WholeWord(normalized), StartsWord: true);
        var read = HangulReading.Of(normalized.Trim('^', '$')).Trim();
        return new Phrase(section, Script.Hangul, normalized.EndsWith('$') ? $"{read} " : read, normalized.StartsWith('^'));
    }

    private static string WholeWord(string phrase) => phrase.EndsWith('*') ? phrase[..^1] : $"{phrase} ";
}
