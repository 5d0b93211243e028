using System.Text;
using Garam.Messaging.Producing;
using Garam.Operations.DeadLetters;
using Garam.Operations.Messages;

namespace Garam.Operations.Tests.DeadLetters;

public sealed class EditCheckTests
{
    [Theory]
    [InlineData("""{"price":1}""", """{"price":2}""")]
    [InlineData("""{"price":1}""", """{"price":1}""")]
    [InlineData("not JSON", "still not JSON {")]
    [InlineData("{broken", """{"mended":true}""")]
    [InlineData(null, "anything")]
    public void A_value_may_become_what_it_was(string? before, string? after) => Check(before, after);

    [Theory]
    [InlineData("""{"price":1}""", """{"price":}""")]
    [InlineData("""{"price":1}""", "")]
    [InlineData("""{"price":1}""", null)]
    [InlineData("17", "seventeen")]
    public void JSON_does_not_become_something_else_by_a_slip(string? before, string? after)
    {
        Should.Throw<OperationException>(() => Check(before, after)).Kind.ShouldBe(FailureKind.Invalid);
        Check(before, after, force: true);
    }

    [Fact]
    public void The_mistake_is_said_with_its_place() =>
        Should.Throw<OperationException>(() => Check("{}", "{\n\"price\": 1,}")).Message.ShouldContain("LineNumber: 1");

    [Theory]
    [InlineData("garam.dlt.topic")]
    [InlineData("garam.redrive.count")]
    public void Headers_that_the_redrive_writes_are_not_for_editing(string name)
    {
        var edit = LetterEdit.Of(Letter("1")) with { Headers = [RecordHeader.Text(name, "x")], Force = true };
        Should.Throw<OperationException>(() => EditCheck.Check(Letter("1"), edit)).Message.ShouldContain(name);
    }

    private static void Check(string? before, string? after, bool force = false)
    {
        var letter = Letter(before);
        EditCheck.Check(letter, LetterEdit.Of(letter) with { Value = Bytes(after), Force = force });
    }

    private static DeadLetter Letter(string? value) => LetterReading.Read(new StoredRecord("orders.billing.dlt", 0, 0, 0, null, Bytes(value), []));

    private static byte[]? Bytes(string? text) => text is null ? null : Encoding.UTF8.GetBytes(text);
}
