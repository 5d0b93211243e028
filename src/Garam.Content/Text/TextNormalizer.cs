using System.Globalization;
using System.Text;

namespace Garam.Content.Text;

/// <summary>
/// Brings texts that read alike to one form, so that an index and a query, or a lexicon and a post, can be compared
/// character by character: Hangul composed (NFC), wide and narrow forms folded, lower case, accents and invisible characters removed.
/// </summary>
/// <remarks>
/// <see cref="string.Normalize()"/> is not used: without ICU it hands its input back unchanged, and macOS sends decomposed Hangul.
/// The form is written into search.db, so a change here needs a new version of that store's schema.
/// </remarks>
internal static class TextNormalizer
{
    public static string Normalize(string text)
    {
        if (Ascii.IsValid(text))
        {
            return text.ToLowerInvariant();
        }

        var output = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (!IsInvisible(rune))
            {
                Append(output, rune);
            }
        }

        // Only now is it known which jamo stand alone.
        return string.Create(output.Length, output, static (span, built) =>
        {
            built.CopyTo(0, span, span.Length);
            foreach (ref var c in span)
            {
                c = Hangul.ToCompatibilityJamo(c);
            }
        });
    }

    private static void Append(StringBuilder output, Rune rune)
    {
        if (!rune.IsBmp)
        {
            output.Append(Rune.ToLowerInvariant(rune).ToString());
            return;
        }

        var letter = LetterFolding.Fold(WidthFolding.Fold((char)rune.Value));
        if (output.Length > 0 && TryCompose(output[^1], letter, out var composed))
        {
            output[^1] = composed;
        }
        else
        {
            output.Append(letter);
        }
    }

    private static bool TryCompose(char last, char next, out char composed) =>
        Hangul.TryCompose(last, next, out composed) || Kana.TryVoice(last, next, out composed);

    /// <summary>Characters that a reader cannot see, or that only decorate the letter before them.</summary>
    private static bool IsInvisible(Rune rune) => rune.Value switch
    {
        >= 0x0300 and <= 0x036F => true,                            // accents, which LetterFolding takes off whole letters too
        0x115F or 0x1160 or 0x3164 or 0xFFA0 => true,               // Hangul fillers
        >= 0xFE00 and <= 0xFE0F or >= 0xE0100 and <= 0xE01EF => true, // variation selectors
        0xFFFD => true,                                             // what a lone surrogate is read as
        _ => Rune.GetUnicodeCategory(rune) == UnicodeCategory.Format, // zero-width space and joiners, soft hyphen, BOM, direction marks
    };
}
