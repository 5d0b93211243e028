using System.Globalization;
using System.Text.RegularExpressions;
using Garam.Content.Text;

namespace Garam.Content.Tests.Text;

/// <summary>
/// Generates look-alikes.txt from UnicodeData.txt (Unicode Character Database) and confusables.txt (UTS #39) of one version:
/// what is drawn like an ASCII letter or digit, or is a Hangul letter in a circle, except what the text normaliser folds anyway.
/// </summary>
internal sealed partial class LookAlikeTable
{
    private readonly Dictionary<int, Character> _characters;
    private readonly Dictionary<int, int[]> _prototypes;

    private LookAlikeTable(string directory)
    {
        _characters = Rows(directory, "UnicodeData.txt")
            .ToDictionary(row => Hex(row[0]), row => new Character(row[1], row[2], row[5], row[13]));
        _prototypes = Rows(directory, "confusables.txt")
            .Where(row => row.Length > 1)
            .ToDictionary(row => Hex(row[0]), row => CodePoints(row[1]));
    }

    /// <summary>The table's lines: a target, then the code points and ranges that stand for it.</summary>
    public static string Generate(string directory)
    {
        var table = new LookAlikeTable(directory);
        var lines = table._characters.Keys.Where(table.IsCandidate)
            .Select(code => (Code: code, Target: table.TargetOf(code)))
            .Where(row => row.Target is not null)
            .GroupBy(row => row.Target!, row => row.Code)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => $"{group.Key} {string.Join(' ', Ranges(group))}\n");
        return string.Concat(lines);
    }

    /// <summary>Han, kana and Hangul stay what they are, but for Hangul in circles and brackets (U+3200 to U+32FF).</summary>
    private bool IsCandidate(int code) =>
        code is >= 0x80 and not ((>= 0x2E80 and < 0x3200) or (>= 0x3300 and < 0xA000) or (>= 0xAC00 and < 0xE000)
            or (>= 0xF900 and < 0xFB00) or (>= 0x1F200 and < 0x1FB00) or >= 0x20000)
        && _characters[code].Category is not ("Mn" or "Me" or "Cf")
        && !TextNormalizer.Normalize(char.ConvertFromUtf32(code)).All(c => char.IsAsciiLetterOrDigit(c) || Hangul.IsLetter(c));

    private string? TargetOf(int code)
    {
        var name = _characters[code].Name;
        var plain = Plain([code]).Trim('(', ')');
        if (Plainly().IsMatch(plain) && (plain.Length == 1 || !char.IsAsciiLetter(plain[0]) || name.Contains("LIGATURE")))
            return plain;
        return LetterNamed(name) ?? (_prototypes.TryGetValue(code, out var prototype) ? TargetOfPrototype(prototype) : null);
    }

    /// <summary>A prototype is a look-alike itself (т is ᴛ), or what UTS #39 writes for an ASCII letter (rn for m).</summary>
    private string? TargetOfPrototype(int[] prototype)
    {
        var plain = Plain(prototype);
        foreach (var ascii in "abcdefghijklmnopqrstuvwxyz")
        {
            if (_prototypes.TryGetValue(ascii, out var own) && Plain(own) == plain)
                return ascii.ToString();
        }

        if (plain.Length == 1 && char.IsAsciiLetterOrDigit(plain[0]))
            return plain;
        return prototype is [var single] && _characters.TryGetValue(single, out var found) ? LetterNamed(found.Name) : null;
    }

    private static string? LetterNamed(string name) =>
        LetterByName().Match(name) is { Success: true } letter ? letter.Groups[1].Value.ToLowerInvariant() : null;

    /// <summary>Decomposed, in lower case, without marks.</summary>
    private string Plain(int[] codes) => string.Concat(codes.SelectMany(Decompose)
        .Where(code => !_characters.TryGetValue(code, out var found) || found.Category is not ("Mn" or "Me"))
        .Select(code => _characters.TryGetValue(code, out var found) && found.Lower.Length > 0 ? Hex(found.Lower) : code)
        .Select(char.ConvertFromUtf32));

    private IEnumerable<int> Decompose(int code) =>
        _characters.TryGetValue(code, out var character) && character.Decomposition.Length > 0
            ? CodePoints(DecompositionTag().Replace(character.Decomposition, "")).SelectMany(Decompose)
            : [code];

    private static IEnumerable<string> Ranges(IEnumerable<int> codes)
    {
        var sorted = codes.Order().ToList();
        for (var at = 0; at < sorted.Count; at++)
        {
            var first = sorted[at];
            while (at + 1 < sorted.Count && sorted[at + 1] == sorted[at] + 1)
                at++;
            yield return first == sorted[at] ? $"{first:X}" : $"{first:X}-{sorted[at]:X}";
        }
    }

    private static IEnumerable<string[]> Rows(string directory, string file) => File.ReadLines(Path.Combine(directory, file))
        .Select(line => line.TrimStart('\uFEFF').Split('#')[0].Trim())
        .Where(line => line.Length > 0)
        .Select(line => line.Split(';', StringSplitOptions.TrimEntries));

    private static int[] CodePoints(string codes) => [.. codes.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Hex)];

    private static int Hex(string digits) => int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    [GeneratedRegex("^(?:[a-z0-9]{1,3}|[\u1100-\u1112\u1161-\u1175]{1,3})$")]
    private static partial Regex Plainly();

    [GeneratedRegex("^(?:LATIN LETTER SMALL CAPITAL|(?:CROSSED )?NEGATIVE (?:CIRCLED|SQUARED) LATIN CAPITAL LETTER"
        + "|REGIONAL INDICATOR SYMBOL LETTER|LATIN (?:SMALL|CAPITAL) LETTER(?= [A-Z] WITH )) ([A-Z])(?: WITH .*)?$")]
    private static partial Regex LetterByName();

    [GeneratedRegex("<[^>]*> ")]
    private static partial Regex DecompositionTag();

    private sealed record Character(string Name, string Category, string Decomposition, string Lower);
}
