namespace Garam.Content.Text;

/// <summary>Wide Latin (Ａ１！) to ASCII, and narrow kana and jamo (ｶ, ﾡ) to the ordinary ones: the block U+FF00 to U+FFDC.</summary>
internal static class WidthFolding
{
    private const string NarrowKatakana =
        "ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン\u3099\u309A";

    public static char Fold(char c) => c switch
    {
        '\u3000' => ' ',
        < '\uFF01' => c,
        <= '\uFF5E' => (char)(c - '\uFF01' + '!'),
        >= '\uFF66' and <= '\uFF9F' => NarrowKatakana[c - '\uFF66'],
        >= '\uFFA1' and <= '\uFFBE' => (char)(c - '\uFFA1' + 'ㄱ'),
        // The vowels come in rows of six, with two code points left free between the rows.
        >= '\uFFC2' and <= '\uFFDC' => (char)('ㅏ' + ((c - '\uFFC2') / 8 * 6) + ((c - '\uFFC2') % 8)),
        _ => c,
    };
}
