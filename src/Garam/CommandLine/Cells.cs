using System.Globalization;
using System.Text;
using Garam.Operations.Messages;

namespace Garam.CommandLine;

/// <summary>Text as cells of a terminal: a Hangul syllable takes two, a combining mark none.</summary>
internal static class Cells
{
    /// <summary>Text of others on one line. A topic name or a payload can hold escape sequences that repaint the screen, and line breaks that fake a row.</summary>
    public static string Visible(string text) => VisibleText.Of(text, keepLines: false);

    /// <summary>How many cells a terminal gives to the text.</summary>
    public static int Width(string text) => text.EnumerateRunes().Sum(Width);

    /// <summary>The beginning of a text that fits, with a mark where something is missing.</summary>
    public static string Cut(string text, int width)
    {
        if (Width(text) <= width)
            return text;
        var kept = new StringBuilder();
        var room = width - 1;
        foreach (var rune in text.EnumerateRunes())
        {
            room -= Width(rune);
            if (room < 0)
                break;
            kept.Append(rune.ToString());
        }

        return kept.Append('…').ToString();
    }

    private static int Width(Rune rune) =>
        IsWide(rune.Value) ? 2
        : Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format || rune.Value is >= 0x1160 and <= 0x11FF ? 0
        : 1;

    private static bool IsWide(int rune) => rune is >= 0x1100 and <= 0x115F or >= 0x2E80 and <= 0xA4CF or >= 0xAC00 and <= 0xD7A3
        or >= 0xF900 and <= 0xFAFF or >= 0xFE30 and <= 0xFE6F or >= 0xFF00 and <= 0xFF60 or >= 0x1F300 and <= 0x1FAFF or >= 0x20000 and <= 0x3FFFD;
}
