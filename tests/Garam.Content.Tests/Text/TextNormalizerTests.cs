using Garam.Content.Text;

namespace Garam.Content.Tests.Text;

public sealed class TextNormalizerTests
{
    [Theory]
    [InlineData("\u1112\u1161\u11AB\u1100\u1173\u11AF", "한글")]              // as macOS sends it
    [InlineData("하\u11AB글", "한글")]                                          // a syllable and a tail
    [InlineData("\u110F\u110F\u1172\u1172\u11AB", "ㅋ큐ㅠㄴ")]
    [InlineData("ㅋㅋㅠㅠ", "ㅋㅋㅠㅠ")]                                        // compatibility jamo are never joined
    [InlineData("\uFFA1\uFFBE\uFFC2\uFFC7\uFFCA\uFFDA\uFFDC", "ㄱㅎㅏㅔㅕㅡㅣ")]
    [InlineData("ＧＡＲＡＭ　１２！", "garam 12!")]
    [InlineData("Garam ÀÉÎÕÜ ñ ẞ", "garam aeiou n ß")]
    [InlineData("e\u0301te\u0301 Été", "ete ete")]
    [InlineData("й и\u0306 Ё", "и и е")]
    [InlineData("ｶﾞ か\u3099 が ハ\u309A", "ガ が が パ")]
    [InlineData("영\u200B화\u00AD관\uFEFF \u2764\uFE0F", "영화관 \u2764")]
    [InlineData("\U00010400", "\U00010428")]
    [InlineData("a\uD800b", "ab")]
    [InlineData("", "")]
    public void Texts_that_read_alike_become_one(string text, string expected) =>
        TextNormalizer.Normalize(text).ShouldBe(expected);

    [Fact]
    public void Every_syllable_of_Hangul_is_composed_from_its_jamo()
    {
        for (var syllable = '가'; syllable <= '힣'; syllable++)
        {
            var index = syllable - '가';
            var tail = index % 28;
            var jamo = $"{(char)(0x1100 + (index / 588))}{(char)(0x1161 + (index / 28 % 21))}{(tail == 0 ? "" : (char)(0x11A7 + tail))}";
            TextNormalizer.Normalize(jamo).ShouldBe(syllable.ToString());
        }
    }

    [Fact]
    public void Normalising_twice_changes_nothing()
    {
        var random = new Random(20_260);
        for (var round = 0; round < 2_000; round++)
        {
            var once = TextNormalizer.Normalize(RandomText.Next(random, 30));
            TextNormalizer.Normalize(once).ShouldBe(once);
        }
    }
}
