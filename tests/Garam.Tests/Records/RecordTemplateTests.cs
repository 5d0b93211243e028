using System.Text;
using Confluent.Kafka;
using Garam.Operations.Messages;
using Garam.Records;

namespace Garam.Tests.Records;

public sealed class RecordTemplateTests
{
    [Theory]
    [InlineData("%s", "value")]
    [InlineData("%k=%s", "key=value")]
    [InlineData(@"%t\t%p\t%o\n", "topic\t2\t7\n")]
    [InlineData("%S %K", "5 3")]
    [InlineData("%T", "1700000000000")]
    [InlineData("%h", "a=1,b=NULL")]
    [InlineData("100%%", "100%")]
    [InlineData(@"\x41\\n", @"A\n")]
    [InlineData("가람 😀", "가람 😀")]
    public void The_letters_are_kcats(string template, string expected) => Format(template, Record("key"u8.ToArray(), "value"u8.ToArray())).ShouldBe(Encoding.UTF8.GetBytes(expected));

    [Fact]
    public void A_null_is_no_bytes_and_the_length_minus_one() => Format("[%k|%K|%s|%S]", Record(null, null)).ShouldBe("[|-1||-1]"u8.ToArray());

    [Fact]
    public void A_length_in_binary_is_big_endian() => Format("%R", Record(null, new byte[258])).ShouldBe([0, 0, 1, 2]);

    [Fact]
    public void Bytes_that_are_no_text_leave_as_they_are() => Format("%s", Record(null, [0xff, 0x00, 0xfe])).ShouldBe([0xff, 0x00, 0xfe]);

    [Theory]
    [InlineData("%z")]
    [InlineData(@"\q")]
    [InlineData(@"\x4")]
    public void What_is_no_letter_is_refused(string template) => Should.Throw<FormatException>(() => RecordTemplate.Parse(template)).Message.ShouldContain("use ");

    private static byte[] Format(string template, ConsumeResult<byte[]?, byte[]?> record)
    {
        var output = new MemoryStream();
        RecordTemplate.Parse(template).Write(output, StoredRecord.From(record));
        return output.ToArray();
    }

    private static ConsumeResult<byte[]?, byte[]?> Record(byte[]? key, byte[]? value) => new()
    {
        Topic = "topic",
        Partition = 2,
        Offset = 7,
        Message = new Message<byte[]?, byte[]?>
        {
            Key = key,
            Value = value,
            Timestamp = new Timestamp(1700000000000, TimestampType.CreateTime),
            Headers = new Headers { new Header("a", "1"u8.ToArray()), new Header("b", null) },
        },
    };
}
