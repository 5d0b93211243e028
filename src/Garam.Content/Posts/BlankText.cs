using System.Globalization;
using System.Text;

namespace Garam.Content.Posts;

/// <summary>Texts in which there is nothing to be seen.</summary>
internal static class BlankText
{
    /// <summary>Whether every character of the text renders as nothing, as a gap, or only together with one that is not there.</summary>
    public static bool IsBlank(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (!IsBlank(rune))
                return false;
        }

        return true;
    }

    private static bool IsBlank(Rune rune) => Rune.IsWhiteSpace(rune) || HasNoInk(rune.Value) || Rune.GetUnicodeCategory(rune) is
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
        or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark;

    /// <summary>
    /// Characters that are letters, symbols or unassigned by their category, and blank all the same: those of Unicode's
    /// Default_Ignorable_Code_Point
    /// and those whose glyph is empty by their definition.
    /// </summary>
    private static bool HasNoInk(int rune) => rune is
        0x115F or 0x1160 or 0x3164 or 0xFFA0            // Hangul fillers
        or 0x2800                                       // Braille pattern blank
        or 0x1D159                                      // musical symbol null notehead
        or 0x13441 or 0x13442                           // Egyptian hieroglyph full and half blank
        or 0xFFFC or 0xFFFD                             // stand for an object, or for half of a surrogate pair
        or 0x2065 or (>= 0xFFF0 and <= 0xFFF8) or (>= 0xE0000 and <= 0xE0FFF);     // ignorable, unassigned ones included
}
