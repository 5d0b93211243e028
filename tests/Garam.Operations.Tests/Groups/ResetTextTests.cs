using Garam.Operations.Groups;

namespace Garam.Operations.Tests.Groups;

public sealed class ResetTextTests
{
    [Theory]
    [InlineData("start")]
    [InlineData("end")]
    [InlineData("42")]
    [InlineData("+42")]
    [InlineData("-42")]
    [InlineData("-90m")]
    [InlineData("@1760000000000")]
    [InlineData("@2026-02-14T09:00:00Z")]
    [InlineData("group:두 번째: 묶음")]
    public void A_target_is_written_as_it_is_read(string text) => ResetTarget.Parse(text).ToString().ShouldBe(text);

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("group:")]
    [InlineData("-1y")]
    [InlineData("+1h")]
    [InlineData("--1")]
    [InlineData("@")]
    [InlineData("@soon")]
    [InlineData("@1969-12-31T23:59:59.999Z")]
    [InlineData("@99999999999999999")]
    [InlineData("99999999999999999999")]
    [InlineData("-99999999999999999999d")]
    public void What_is_no_target_is_refused_with_what_to_write(string text) =>
        Should.Throw<FormatException>(() => ResetTarget.Parse(text)).Message.ShouldContain("write");

    [Fact]
    public void A_scope_names_topics_and_partitions()
    {
        var scope = ResetScope.Parse(["orders", "payments:0,3", "payments:3,5", "orders:1"]);
        scope.Topics["orders"].ShouldBeNull("all of it was asked for");
        scope.Topics["payments"].ShouldBe([0, 3, 5]);
    }

    [Theory]
    [InlineData("")]
    [InlineData(":0")]
    [InlineData("orders:")]
    [InlineData("orders:a")]
    [InlineData("orders:-1")]
    [InlineData("orders:0:1")]
    public void What_is_no_scope_is_refused(string text) => Should.Throw<FormatException>(() => ResetScope.Parse([text])).Message.ShouldContain("TOPIC");
}
