using Garam.Content.Text;

namespace Garam.Content.Tests.Text;

public sealed class BigramsTests
{
    [Theory]
    [InlineData("영화관 갔다", "영화 화관 관 갔다 다 ")]
    [InlineData("봄", "봄 ")]
    [InlineData("it's ok.", "it t s ok k ")]
    [InlineData("최고★★!", "최고 고 ★ ★ ")]
    [InlineData("\U00020000\U00020001a", "\U00020000\U00020001 \U00020001a a ")]
    [InlineData(" ,. ", "")]
    public void A_word_is_written_as_its_pairs_and_its_last_syllable(string text, string tokens) =>
        Bigrams.ForIndex(text).ShouldBe(tokens);

    [Theory]
    [InlineData("영화관", "\"영화 화관 \"")]
    [InlineData("영화", "\"영화 \"")]
    [InlineData("봄", "\"봄\"*")]
    public void A_word_is_asked_for_as_a_phrase_of_pairs_or_a_prefix(string word, string expression) =>
        Bigrams.ForQuery(word).ShouldBe(expression);

    [Fact]
    public void Words_hold_nothing_that_a_query_could_read_as_syntax()
    {
        var random = new Random(7);
        for (var round = 0; round < 5_000; round++)
        {
            foreach (var word in Words.Of(TextNormalizer.Normalize(RandomText.Next(random, 40))))
            {
                word.ShouldNotBeEmpty();
                word.ShouldNotContain(c => c < 0x80 && !char.IsAsciiLetterOrDigit(c));
            }
        }
    }
}
