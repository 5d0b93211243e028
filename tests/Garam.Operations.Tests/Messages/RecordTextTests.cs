using System.Text;
using Garam.Operations.Messages;

namespace Garam.Operations.Tests.Messages;

public sealed class RecordTextTests
{
    [Fact]
    public void Json_is_indented_and_its_numbers_and_strings_stay_as_they_were_written()
    {
        var shown = RecordText.Of(Bytes("""{"id":9007199254740993,"n":1.50e+03,"s":"{a:\"b\\\\\"}","e":{},"l":[ ],"한":[1,2]}"""));
        shown.Kind.ShouldBe(RecordTextKind.Json);
        shown.Text.ShouldBe("""
            {
              "id": 9007199254740993,
              "n": 1.50e+03,
              "s": "{a:\"b\\\\\"}",
              "e": {},
              "l": [],
              "한": [
                1,
                2
              ]
            }
            """);
    }

    [Theory]
    [InlineData("{\"a\":1")]
    [InlineData("{} {}")]
    [InlineData("12")]
    [InlineData("")]
    public void What_is_not_one_whole_document_is_text(string text) => RecordText.Of(Bytes(text)).ShouldBe(new RecordText(RecordTextKind.Text, text, Encoding.UTF8.GetByteCount(text), false));

    [Fact]
    public void Null_is_not_empty()
    {
        RecordText.Of(null).Kind.ShouldBe(RecordTextKind.Null);
        RecordText.Of(Array.Empty<byte>()).Kind.ShouldBe(RecordTextKind.Text);
    }

    [Fact]
    public void Control_characters_and_marks_of_direction_are_seen()
    {
        RecordText.Raw(Bytes("a\0b\u001b[31m\r\n\tc\u202ed\u200e\ufeff\u0085")).Text.ShouldBe("a␀b␛[31m␍\n\tc‹U+202E›d‹U+200E›‹U+FEFF›‹U+0085›");
        RecordText.Line(Bytes("a\nb\tc")).ShouldBe("a␊b␉c");
    }

    [Fact]
    public void Bytes_that_are_no_text_are_a_hex_dump()
    {
        var bytes = Enumerable.Range(0xf0, 16).Select(each => (byte)each).Append((byte)'A').ToArray();
        RecordText.Of(bytes).ShouldBe(new RecordText(
            RecordTextKind.Hex,
            "00000000  f0 f1 f2 f3 f4 f5 f6 f7  f8 f9 fa fb fc fd fe ff  ................\n" +
            "00000010  41                                                A",
            17,
            false));
        RecordText.Line(bytes).ShouldStartWith("f0 f1 f2");
    }

    [Fact]
    public void Text_is_cut_between_characters_and_says_so()
    {
        var shown = RecordText.Of(Bytes("가나다"), limit: 7);
        shown.ShouldBe(new RecordText(RecordTextKind.Text, "가나", 9, true));
        RecordText.Line(Bytes(new string('가', 500)), 10).ShouldBe(new string('가', 10) + "…");
        RecordText.Line(Bytes("ab😀cd"), 3).ShouldBe("ab…");
    }

    [Fact]
    public void The_head_of_a_long_document_is_indented_too()
    {
        var json = "[" + string.Join(',', Enumerable.Range(0, 1000)) + "]";
        var shown = RecordText.Of(Bytes(json), limit: 4);
        shown.Kind.ShouldBe(RecordTextKind.Json);
        shown.Truncated.ShouldBeTrue();
        shown.Text.ShouldBe("[\n  0,\n  1");
    }

    private static ReadOnlyMemory<byte>? Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
