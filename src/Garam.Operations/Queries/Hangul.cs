using System.Text;

namespace Garam.Operations.Queries;

/// <summary>
/// Hangul syllables from their letters and back, by the arithmetic of the Unicode standard (section 3.12): ICU, which would know all scripts, need not be there.
/// <code>
/// syllable = U+AC00 + (lead · 21 + vowel) · 28 + tail        가 = ᄀ + ᅡ,  각 = ᄀ + ᅡ + ᆨ
/// </code>
/// </summary>
internal static class Hangul
{
    private const int Syllables = 0xAC00, Leads = 0x1100, Vowels = 0x1161, Tails = 0x11A7;
    private const int LeadCount = 19, VowelCount = 21, TailCount = 28;

    public static string Decompose(string text)
    {
        var letters = new StringBuilder();
        foreach (var letter in text)
        {
            var index = letter - Syllables;
            if (index is < 0 or >= LeadCount * VowelCount * TailCount)
            {
                letters.Append(letter);
                continue;
            }

            letters.Append((char)(Leads + (index / (VowelCount * TailCount)))).Append((char)(Vowels + (index / TailCount % VowelCount)));
            if (index % TailCount > 0)
                letters.Append((char)(Tails + (index % TailCount)));
        }

        return letters.ToString();
    }

    public static string Compose(string text)
    {
        var syllables = new StringBuilder();
        foreach (var letter in text)
        {
            var last = syllables.Length > 0 ? syllables[^1] : '\0';
            if (last - Leads is >= 0 and < LeadCount and var lead && letter - Vowels is >= 0 and < VowelCount and var vowel)
                syllables[^1] = (char)(Syllables + (((lead * VowelCount) + vowel) * TailCount));
            else if (last - Syllables is >= 0 and < LeadCount * VowelCount * TailCount and var open && open % TailCount == 0 && letter - Tails is > 0 and < TailCount and var tail)
                syllables[^1] = (char)(last + tail);
            else
                syllables.Append(letter);
        }

        return syllables.ToString();
    }
}
