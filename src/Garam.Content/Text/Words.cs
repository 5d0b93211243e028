using System.Globalization;
using System.Text;

namespace Garam.Content.Text;

/// <summary>
/// Splits a normalised text into words: runs of letters, digits and their marks. A symbol that is neither (an emoji, a star) is a word
/// of its own; everything else separates.
/// </summary>
internal static class Words
{
    public static IEnumerable<string> Of(string normalized)
    {
        var start = 0;
        for (var at = 0; at < normalized.Length;)
        {
            Rune.DecodeFromUtf16(normalized.AsSpan(at), out var rune, out var length);
            if (!IsInsideWord(rune))
            {
                if (at > start)
                {
                    yield return normalized[start..at];
                }

                if (Rune.GetUnicodeCategory(rune) == UnicodeCategory.OtherSymbol)
                {
                    yield return rune.ToString();
                }

                start = at + length;
            }

            at += length;
        }

        if (start < normalized.Length)
        {
            yield return normalized[start..];
        }
    }

    private static bool IsInsideWord(Rune rune) => Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.LowercaseLetter or UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter
        or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter
        or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber
        or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;
}
