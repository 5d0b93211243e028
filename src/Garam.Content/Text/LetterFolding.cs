namespace Garam.Content.Text;

/// <summary>Lower case without accents: É and é are e. A letter that was sent in two parts loses its accent as well, so both agree.</summary>
internal static class LetterFolding
{
    // One base letter per code point from U+00C0 and from U+0100; a space keeps the letter as it is.
    private const string Latin1 = "aaaaaa ceeeeiiii nooooo  uuuuy  aaaaaa ceeeeiiii nooooo  uuuuy y";
    private const string LatinExtendedA =
        "aaaaaaccccccccdd  eeeeeeeeeegggggggghh  iiiiiiiii   jjkk llllll    nnnnnn   oooooo  rrrrrrsssssssstttt  uuuuuuuuuuuuwwyyyzzzzzz ";

    public static char Fold(char c)
    {
        var plain = c switch
        {
            < '\u00C0' => c,
            <= '\u00FF' => Base(Latin1, c - '\u00C0', c),
            <= '\u017F' => Base(LatinExtendedA, c - '\u0100', c),
            'й' or 'Й' => 'и',
            'ё' or 'Ё' => 'е',
            _ => c,
        };
        return char.ToLowerInvariant(plain);
    }

    private static char Base(string table, int index, char c) => table[index] == ' ' ? c : table[index];
}
