using System.Text;
using Garam.Console.DeadLetters;

namespace Garam.Console.Tests.DeadLetters;

public sealed class EditableTextTests
{
    [Theory]
    [InlineData("")]
    [InlineData("{\"id\": 9007199254740993}")]
    [InlineData("한글 😀 \t and a tab")]
    [InlineData("\nbegins with a line")]
    [InlineData("one\ntwo\n")]
    [InlineData("one\r\ntwo\r\n")]
    public void What_a_browser_sends_back_untouched_is_what_was_there(string text)
    {
        EditableText.Of(Encoding.UTF8.GetBytes(text)).ShouldBe(text);
        EditableText.Restore(AsABrowserSendsIt(text), text).ShouldBe(text);
    }

    [Theory]
    [InlineData("one\ntwo\r\nthree")]
    [InlineData("one\rtwo")]
    [InlineData("a\0b")]
    [InlineData("\u001b[31m")]
    [InlineData("\u0085")]
    public void What_a_field_would_change_is_no_text_for_it(string text) => EditableText.Of(Encoding.UTF8.GetBytes(text)).ShouldBeNull();

    [Fact]
    public void Bytes_are_no_text() => EditableText.Of([0xff, 0xfe]).ShouldBeNull();

    [Fact]
    public void A_line_that_is_added_ends_as_the_others_do()
    {
        EditableText.Restore("one\r\ntwo\r\nthree", "one\ntwo").ShouldBe("one\ntwo\nthree");
        EditableText.Restore("one\r\ntwo\r\nthree", "one\r\ntwo").ShouldBe("one\r\ntwo\r\nthree");
    }

    private static string AsABrowserSendsIt(string text) => text.Replace("\r\n", "\n").Replace("\n", "\r\n");
}
