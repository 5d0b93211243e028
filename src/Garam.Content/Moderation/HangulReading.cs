using System.Text;
using Garam.Content.Text;

namespace Garam.Content.Moderation;

/// <summary>
/// How the Korean of a text reads, whatever was put between or around its letters: runs of Hangul and of Han between single blanks.
/// <code>
/// 나쁜*말  나 쁜 말  나쁜1말  ㄴㅏ쁜말  나아쁜말  ㄴr쁜말   ──►   나쁜말
/// 다시 발견  3시발  ㄴㅂ같은                              ──►   다시 발견  3 시발 ...
/// </code>
/// </summary>
internal static class HangulReading
{
    /// <summary>No word continues beyond it (the paragraph separator): it is put between a title 시 and a text that begins with 발.</summary>
    public const char Barrier = '\u2029';

    /// <summary>Signs that are not used between two words. Full stops and the like are not among them: 재밌다.시작 are two words.</summary>
    private const string Disguises = "0123456789*@^#$%&+=_|/\\<>:;'\"`-ㆍ·°º";

    /// <summary>Laughter and tears, written between words and inside them.</summary>
    private const string Emotions = "ㅋㅎㅠㅜ";

    private const int LongestDisguise = 2;

    /// <summary>Between two syllables that stand alone: anything this short, or signs and blanks up to the second length.</summary>
    private const int LongestGapBetweenSingles = 3, LongestBlankBetweenSingles = 60;

    /// <summary>Stands for the figures right before a run: 3시 is a word that does not begin with 시.</summary>
    private const char Figure = '0';

    /// <param name="normalized">A text as <see cref="TextNormalizer"/> leaves it.</param>
    public static string Of(string normalized)
    {
        var text = ComposeLooseJamo(normalized);
        var reading = new StringBuilder(" ", text.Length + 2);
        var (lastEnd, lastWasSingle) = (0, false);
        for (var start = 0; start < text.Length; start++)
        {
            if (!IsRead(text[start]))
                continue;
            var end = start;
            while (end < text.Length && IsRead(text[end]))
                end++;
            var isSingle = end - start == 1 && !IsFigureOrLatin(text, start - 1) && !IsFigureOrLatin(text, end);
            if (lastEnd == 0 || !IsJoined(text.AsSpan(lastEnd, start - lastEnd), lastWasSingle && isSingle))
                AppendGap(reading, text.AsSpan(lastEnd, start - lastEnd));
            AppendRun(reading, text.AsSpan(start, end - start));
            (lastEnd, lastWasSingle) = (end, isSingle);
            start = end;
        }

        AppendGap(reading, text.AsSpan(lastEnd));
        return reading.ToString();
    }

    private static bool IsRead(char c) => Hangul.IsLetter(c) && !Emotions.Contains(c);

    private static bool IsJoined(ReadOnlySpan<char> gap, bool betweenSingles) =>
        gap.Length <= LongestDisguise && !gap.ContainsAnyExcept(Disguises)
        || betweenSingles && !gap.Contains(Barrier)
            && (gap.Length <= LongestGapBetweenSingles || gap.Length <= LongestBlankBetweenSingles && !HasLetterOrDigit(gap));

    private static bool HasLetterOrDigit(ReadOnlySpan<char> gap)
    {
        foreach (var c in gap)
        {
            if (char.IsLetterOrDigit(c) && !Emotions.Contains(c))
                return true;
        }

        return false;
    }

    /// <summary>3시 is a word: its 시 does not stand alone.</summary>
    private static bool IsFigureOrLatin(string text, int at) => at >= 0 && at < text.Length && char.IsAsciiLetterOrDigit(text[at]);

    /// <summary>A gap reads as a blank; of what is in it, Han is kept: 병신년(丙申年) is a year.</summary>
    private static void AppendGap(StringBuilder reading, ReadOnlySpan<char> gap)
    {
        AppendBlank(reading);
        foreach (var c in gap)
        {
            if (c is >= '\u4E00' and <= '\u9FFF')
                reading.Append(c);
            else if (reading[^1] != ' ')
                reading.Append(' ');
        }

        if (gap is [.., >= '0' and <= '9'])
            reading.Append(Figure);
        else
            AppendBlank(reading);
    }

    private static void AppendBlank(StringBuilder reading)
    {
        if (reading[^1] != ' ')
            reading.Append(' ');
    }

    /// <summary>
    /// Leaves out what only stretches: drawn-out vowels, a jamo repeated, a vowel alone after a syllable. Initials are words of their own.
    /// </summary>
    private static void AppendRun(StringBuilder reading, ReadOnlySpan<char> run)
    {
        foreach (var letter in run)
        {
            var last = reading[^1];
            var isJamo = IsJamo(letter);
            if (Hangul.IsDrawnOut(last, letter) || (isJamo && letter == last) || (Hangul.IsCompatibilityVowel(letter) && last >= '가'))
                continue;
            if (isJamo != IsJamo(last) && last >= 'ㄱ')
                reading.Append(' ');
            reading.Append(letter);
        }
    }

    /// <summary>A consonant that may begin a syllable whose vowel was typed apart: not the ㅋ of ㅋㅠㅠ.</summary>
    private static bool IsInitial(char c) => IsJamo(c) && !Emotions.Contains(c);

    private static bool IsJamo(char c) => c is >= 'ㄱ' and <= 'ㅣ';

    private static string ComposeLooseJamo(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('ㄱ', 'ㅣ'))
            return text;
        var letters = string.Create(text.Length, text, static (span, source) =>
        {
            for (var at = 0; at < source.Length; at++)
                span[at] = at > 0 && IsInitial(source[at - 1]) ? VowelFor(source[at]) : source[at];
        });
        var composed = new StringBuilder(letters.Length);
        for (var at = 0; at < letters.Length;)
        {
            var syllable = letters[at];
            var joined = IsInitial(syllable) ? Hangul.ComposeCompatibilityJamo(letters.AsSpan(at), out syllable) : 0;
            composed.Append(joined > 0 ? syllable : letters[at]);
            at += Math.Max(joined, 1);
        }

        return composed.ToString();
    }

    /// <summary>After a jamo that stands alone, l and 1 are ㅣ, and r is ㅏ.</summary>
    private static char VowelFor(char c) => c switch
    {
        'l' or 'i' or '1' or '!' or '|' or '丨' or '│' => 'ㅣ',
        'r' => 'ㅏ',
        _ => c,
    };
}
