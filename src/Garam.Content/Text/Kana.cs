namespace Garam.Content.Text;

/// <summary>Japanese syllables whose voicing mark is sent as a character of its own: は + ゙ = ば, は + ゚ = ぱ.</summary>
internal static class Kana
{
    private const char VoicedMark = '\u3099', SemiVoicedMark = '\u309A';
    private const int KatakanaMinusHiragana = 'ア' - 'あ';
    private const string Voiced = "かきくけこさしすせそたちつてと", SemiVoiced = "はひふへほ";

    public static bool TryVoice(char last, char mark, out char syllable)
    {
        var hiragana = last >= 'ァ' ? (char)(last - KatakanaMinusHiragana) : last;
        var steps = mark switch
        {
            VoicedMark when hiragana == 'う' => 'ゔ' - 'う',
            VoicedMark when Voiced.Contains(hiragana) || SemiVoiced.Contains(hiragana) => 1,
            SemiVoicedMark when SemiVoiced.Contains(hiragana) => 2,
            _ => 0,
        };
        syllable = (char)(last + steps);
        return steps != 0;
    }
}
