namespace Garam.Content.Text;

/// <summary>
/// Hangul by arithmetic (The Unicode Standard, section 3.12): a syllable is one code point computed from its two or three jamo.
/// <code>
///   ᄒ U+1112  +  ᅡ U+1161  =  하 U+D558        syllable = AC00 + (lead * 21 + vowel) * 28 + tail
///   하 U+D558  +  ᆫ U+11AB  =  한 U+D55C
/// </code>
/// Jamo that stand alone become compatibility jamo, which is what keyboards send for ㅋㅋ.
/// </summary>
internal static class Hangul
{
    private const char FirstSyllable = '\uAC00', LastSyllable = '\uD7A3';
    private const char FirstLead = '\u1100', FirstVowel = '\u1161', FirstTail = '\u11A8';
    private const char FirstCompatibilityVowel = '\u314F';
    private const int VowelCount = 21, TailCount = 28;
    private const string Leads = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
    private const string Tails = "ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ";

    /// <summary>Joins a lead with a vowel, or a syllable that has no tail with a tail.</summary>
    public static bool TryCompose(char last, char next, out char syllable)
    {
        syllable = default;
        if (IsLead(last) && IsVowel(next))
        {
            syllable = (char)(FirstSyllable + (((last - FirstLead) * VowelCount) + (next - FirstVowel)) * TailCount);
        }
        else if (last is >= FirstSyllable and <= LastSyllable && (last - FirstSyllable) % TailCount == 0 && IsTail(next))
        {
            syllable = (char)(last + 1 + (next - FirstTail));
        }

        return syllable != default;
    }

    /// <summary>The compatibility jamo for a conjoining jamo that found no partner; every other character is itself.</summary>
    public static char ToCompatibilityJamo(char jamo) =>
        IsLead(jamo) ? Leads[jamo - FirstLead]
        : IsVowel(jamo) ? (char)(FirstCompatibilityVowel + (jamo - FirstVowel))
        : IsTail(jamo) ? Tails[jamo - FirstTail]
        : jamo;

    /// <summary>
    /// Joins two or three compatibility jamo at the start of <paramref name="text"/> (ㅎㅏㄴ is 한), which a keyboard does not do by itself.
    /// A third one that leads the next syllable is left to it.
    /// </summary>
    /// <returns>How many jamo were joined; 0 when they do not begin a syllable.</returns>
    public static int ComposeCompatibilityJamo(ReadOnlySpan<char> text, out char syllable)
    {
        syllable = default;
        if (text.Length < 2 || Leads.IndexOf(text[0]) is var lead && lead < 0 || !IsCompatibilityVowel(text[1]))
        {
            return 0;
        }

        TryCompose((char)(FirstLead + lead), (char)(FirstVowel + (text[1] - FirstCompatibilityVowel)), out syllable);
        var tail = text.Length > 2 ? Tails.IndexOf(text[2]) : -1;
        if (tail < 0 || (text.Length > 3 && IsCompatibilityVowel(text[3])))
        {
            return 2;
        }

        syllable += (char)(tail + 1);
        return 3;
    }

    /// <summary>ㅏ to ㅣ standing alone.</summary>
    public static bool IsCompatibilityVowel(char c) => c - FirstCompatibilityVowel is >= 0 and < VowelCount;

    /// <summary>A syllable, or a compatibility jamo.</summary>
    public static bool IsLetter(char c) => c is (>= FirstSyllable and <= LastSyllable) or (>= 'ㄱ' and <= 'ㅣ');

    /// <summary>Whether <paramref name="next"/> only draws the vowel of <paramref name="last"/> out: 야 before 아 does not, 시 before 이 does.</summary>
    public static bool IsDrawnOut(char last, char next)
    {
        const int silentLead = 11;
        var (a, b) = (last - FirstSyllable, next - FirstSyllable);
        return a >= 0 && b >= 0 && next <= LastSyllable && last <= LastSyllable
            && a % TailCount == 0 && b % TailCount == 0
            && b / (VowelCount * TailCount) == silentLead
            && a / TailCount % VowelCount == b / TailCount % VowelCount;
    }

    private static bool IsLead(char c) => c - FirstLead is >= 0 and < 19;

    private static bool IsVowel(char c) => c - FirstVowel is >= 0 and < VowelCount;

    private static bool IsTail(char c) => c - FirstTail is >= 0 and < TailCount - 1;
}
