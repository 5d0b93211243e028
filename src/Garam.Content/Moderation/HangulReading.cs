using System.Text;
using Garam.Content.Text;

namespace Garam.Content.Moderation;

/// <summary>
/// How the Korean of a text reads, whatever was put between or around its letters. Runs of Hangul, separated by single blanks.
/// <code>
/// 나쁜*말  나 쁜 말  나쁜1말  ㄴㅏ쁜말  나아쁜말   ──►   나쁜말
/// 다시 발견                                        ──►   다시 발견     (blanks between words stay: they keep words apart)
/// </code>
/// </summary>
internal static class HangulReading
{
    /// <summary>Signs that nobody writes between two words. Full stops and the like are not among them: 재밌다.시작 are two words.</summary>
    private const string Disguises = "0123456789*@^#$%&+=_|/\\<>:;'\"`-ㆍ·°º";

    private const int LongestDisguise = 2;
    private const int LongestGapBetweenSingles = 3;

    /// <param name="normalized">A text as <see cref="TextNormalizer"/> leaves it.</param>
    public static string Of(string normalized)
    {
        var text = ComposeLooseJamo(normalized);
        var reading = new StringBuilder(text.Length);
        var (lastEnd, lastWasSingle) = (-1, false);
        for (var start = 0; start < text.Length; start++)
        {
            if (!Hangul.IsLetter(text[start]))
                continue;
            var end = start;
            while (end < text.Length && Hangul.IsLetter(text[end]))
                end++;
            var isSingle = end - start == 1 && !IsFigureOrLatin(text, start - 1) && !IsFigureOrLatin(text, end);
            if (lastEnd >= 0 && !IsJoined(text.AsSpan(lastEnd, start - lastEnd), lastWasSingle && isSingle))
                reading.Append(' ');
            AppendRun(reading, text.AsSpan(start, end - start));
            (lastEnd, lastWasSingle) = (end, isSingle);
            start = end;
        }

        return reading.ToString();
    }

    private static bool IsJoined(ReadOnlySpan<char> gap, bool betweenSingles) =>
        (gap.Length <= LongestDisguise && !gap.ContainsAnyExcept(Disguises)) || (betweenSingles && gap.Length <= LongestGapBetweenSingles);

    /// <summary>3시 is a word: its 시 does not stand alone.</summary>
    private static bool IsFigureOrLatin(string text, int at) => at >= 0 && at < text.Length && char.IsAsciiLetterOrDigit(text[at]);

    /// <summary>Leaves out what only stretches: drawn-out vowels, a jamo repeated, a vowel alone after a syllable.</summary>
    private static void AppendRun(StringBuilder reading, ReadOnlySpan<char> run)
    {
        foreach (var letter in run)
        {
            var last = reading.Length > 0 ? reading[^1] : ' ';
            var isJamo = letter is >= 'ㄱ' and <= 'ㅣ';
            if (Hangul.IsDrawnOut(last, letter) || (isJamo && letter == last) || (Hangul.IsCompatibilityVowel(letter) && last >= '가'))
                continue;
            reading.Append(letter);
        }
    }

    private static string ComposeLooseJamo(string text)
    {
        if (!text.Any(Hangul.IsCompatibilityVowel))
            return text;
        var composed = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length;)
        {
            var joined = Hangul.ComposeCompatibilityJamo(text.AsSpan(at), out var syllable);
            composed.Append(joined > 0 ? syllable : text[at]);
            at += Math.Max(joined, 1);
        }

        return composed.ToString();
    }
}
