using System.Text;
using Garam.Messaging.Producing;
using Garam.Operations.Messages;

namespace Garam.Operations.Tests.Messages;

public sealed class RecordCsvTests
{
    [Fact]
    public void Null_and_empty_differ_and_bytes_are_base64() =>
        RecordCsv.Line(new StoredRecord("orders", 3, 42, 1771059600123, null, [], [])).ShouldBe("orders,3,42,2026-02-14T09:00:00.123Z,,,\"\",,");

    [Fact]
    public void Bytes_that_are_not_text_have_a_column_of_their_own() =>
        RecordCsv.Line(new StoredRecord("orders", 3, 42, null, [0xff, 0xfe], null, [])).ShouldBe("orders,3,42,,,//4=,,,");

    [Fact]
    public void Headers_are_JSON_and_quotes_are_doubled() =>
        RecordCsv.Line(new StoredRecord("orders", 0, 0, null, Bytes("한, \"둘\""), Bytes("a\nb"), [RecordHeader.Text("from", "shop")]))
            .ShouldBe("orders,0,0,,\"한, \"\"둘\"\"\",,\"a\nb\",,\"[{\"\"key\"\":\"\"from\"\",\"\"value\"\":\"\"shop\"\"}]\"");

    [Theory]
    [InlineData("=HYPERLINK(1)", "'=HYPERLINK(1)")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("-12.5", "-12.5")]
    [InlineData("+82", "+82")]
    public void A_spreadsheet_runs_nothing_that_strangers_wrote(string value, string written) =>
        RecordCsv.Line(new StoredRecord("t", 0, 0, null, null, Bytes(value), [])).ShouldBe($"t,0,0,,,,{written},,");

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
