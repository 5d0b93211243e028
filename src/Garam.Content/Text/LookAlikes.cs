using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace Garam.Content.Text;

/// <summary>
/// Replaces characters that only look like a letter or a digit by that letter or digit: compatibility forms (NFKC) and confusables
/// (UTS #39).
/// <code>
/// 𝐠𝐚𝐫𝐚𝐦  ⓖⓐⓡⓐⓜ  🅶🅰🆁🅰🅼  🇬🇦🇷🇦🇲  ᵍᵃʳᵃᵐ  ɢᴀʀᴀᴍ  gаrаm (with Cyrillic а)   ──►   garam
/// ㉮람  ⑱                                                              ──►   가람  18
/// </code>
/// </summary>
/// <remarks>
/// Meant for comparing with a word list only: it makes gibberish of Greek and Cyrillic words. Search does not use it.
/// The table is look-alikes.txt, generated from Unicode's data: <see cref="string.Normalize()"/> does nothing without ICU.
/// </remarks>
internal static class LookAlikes
{
    private static readonly FrozenDictionary<int, string> Table = Load();

    public static string Fold(string text)
    {
        if (Ascii.IsValid(text))
            return text;

        var folded = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is < 0x80 or (>= '가' and <= '힣'))
                folded.Append((char)rune.Value);
            else if (Table.TryGetValue(rune.Value, out var letters))
                folded.Append(letters);
            else if (!IsMark(rune))
                folded.Append(rune);
        }

        return folded.ToString();
    }

    /// <summary>Accents, strokes and boxes around the character before them. Voicing marks of kana belong to the letter.</summary>
    private static bool IsMark(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark
        && rune.Value is not (0x3099 or 0x309A);

    private static FrozenDictionary<int, string> Load()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("look-alikes.txt")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return Parse(reader).ToFrozenDictionary();
    }

    /// <summary>Lines of a target and its code points: <c>a AA 24D0 1D400-1D401</c>. Other lines begin with '#'.</summary>
    private static IEnumerable<KeyValuePair<int, string>> Parse(TextReader reader)
    {
        while (reader.ReadLine() is { } line)
        {
            if (line is [] or ['#', ..])
                continue;
            var columns = line.Split(' ');
            foreach (var column in columns.AsEnumerable().Skip(1))
            {
                var ends = column.Split('-');
                for (var code = Hex(ends[0]); code <= Hex(ends[^1]); code++)
                    yield return new(code, columns[0]);
            }
        }
    }

    private static int Hex(string digits) => int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
