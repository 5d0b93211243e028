using Garam.Content.Text;

namespace Garam.Content.Tests.Text;

public sealed class DisplayedTextTests
{
    [Theory]
    [InlineData("w<b>o</b>rd", "word")]
    [InlineData("w<i class=\"x\">or</i><!-- note -->d", "word")]
    [InlineData("two<br>words<p>here</p>", "two\nwords\nhere\n")]
    [InlineData("w[b]or[/b]d [color=red]x[/color]", "word x")]
    [InlineData("[word](https://example.com) after", "word after")]
    [InlineData("\u202Edrow\u202C after", "word after")]
    [InlineData("\u202Edrow\nafter", "word\nafter")]
    [InlineData("\u202E\U0001F600𝕒\u202C", "𝕒\U0001F600")]
    public void Markup_and_overrides_are_applied(string text, string displayed) =>
        DisplayedText.FormsOf(text).ShouldBe([text, displayed]);

    [Theory]
    [InlineData("w&#111;r&#x64;", "word")]
    [InlineData("w&shy;ord &lt;b&gt;", "w\u00ADord <b>")]
    public void Entities_are_decoded(string text, string decoded) => DisplayedText.FormsOf(text).First().ShouldBe(decoded);

    [Fact]
    public void Letters_that_are_upside_down_are_read_from_the_other_end_of_their_line() =>
        DisplayedText.FormsOf("ǝuo\noʍʇ").ShouldBe(["ǝuo\noʍʇ", "one\ntwo"]);

    [Theory]
    [InlineData("plain text")]
    [InlineData("a < b && b > c, x[0] = y[i + 1], f(x)")]
    [InlineData("한글 <3")]
    public void Ordinary_text_has_one_form(string text) => DisplayedText.FormsOf(text).ShouldBe([text]);
}
