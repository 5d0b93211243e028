using System.Text;
using Garam.Messaging.Producing;
using Garam.Operations.Messages;
using Garam.Operations.Queries;
using Microsoft.Extensions.Time.Testing;

namespace Garam.Operations.Tests.Queries;

public sealed class RecordQueryTests
{
    [Theory]
    [InlineData("value.total > ", 15, "value is expected")]
    [InlineData("status:PAID", 1, "status is not a field")]
    [InlineData("http://example.org", 1, "quotes")]
    [InlineData("a (b or", 8, "expected")]
    [InlineData("a (b", 3, "never closed")]
    [InlineData("a) b", 2, "closes nothing")]
    [InlineData("say \"hello", 5, "no closing quote")]
    [InlineData("offset:ten", 8, "whole number")]
    [InlineData("offset:1..x", 8, "whole number")]
    [InlineData("partition:..", 11, "at least one end")]
    [InlineData("timestamp > soon", 13, "a time is expected")]
    [InlineData("value > 5", 9, "compare value.NAME")]
    [InlineData("key > a*", 7, "wildcard has no order")]
    [InlineData("value.total = 5", 13, "FIELD:VALUE")]
    [InlineData("amount >> 100", 8, ">> is not an operator")]
    [InlineData("value.amount >> 100", 14, ">> is not an operator")]
    [InlineData("value.amount =< 100", 14, "=< is not an operator")]
    [InlineData("value.amount => 100", 14, "=> is not an operator")]
    [InlineData("value.amount <> 100", 14, "<> is not an operator")]
    [InlineData("value.amount ≥ 100", 14, "≥ is not an operator")]
    [InlineData("value.amount=100", 13, "= is not an operator")]
    [InlineData("value.amount:==100", 14, "== is not an operator")]
    [InlineData("value.note =~ x", 12, "=~ is not an operator")]
    [InlineData("amount>100", 1, "write value.amount")]
    [InlineData("amount <100", 8, "no field before it")]
    [InlineData("paid && key:a", 6, "&& is not an operator")]
    [InlineData("paid||refunded", 5, "|| is not an operator")]
    [InlineData("!paid", 1, "! is not an operator")]
    [InlineData("and b", 1, "expected")]
    [InlineData("a and", 6, "expected")]
    [InlineData("not", 4, "expected")]
    [InlineData("*", 1, "text is expected")]
    [InlineData("value.:x", 7, "name is expected")]
    [InlineData("key:a\\", 7, "behind the backslash")]
    public void A_mistake_is_told_with_its_column_and_what_was_expected(string query, int column, string message)
    {
        var mistake = Should.Throw<QuerySyntaxException>(() => RecordQuery.Parse(query));
        mistake.Message.ShouldContain(message);
        mistake.Column.ShouldBe(column, mistake.Message);
    }

    [Fact]
    public void A_query_is_bounded_in_length_and_depth()
    {
        Should.Throw<QuerySyntaxException>(() => RecordQuery.Parse(new string('x', RecordQuery.MaxLength + 1)));
        Should.Throw<QuerySyntaxException>(() => RecordQuery.Parse(new string('(', 2_000) + "x" + new string(')', 1_999)));
        Should.Throw<QuerySyntaxException>(() => RecordQuery.Parse(string.Concat(Enumerable.Repeat("not ", 900)) + "x"));
        RecordQuery.Parse(string.Join(" or ", Enumerable.Repeat("x", 600))).Matches(Json("x")).ShouldBeTrue();
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    public void An_empty_query_finds_everything(string query) => RecordQuery.Parse(query).Matches(Json("null")).ShouldBeTrue();

    [Fact]
    public void A_tombstone_has_no_value_and_no_fields()
    {
        var tombstone = new StoredRecord("t", 0, 0, null, null, null, []);
        Ask("value:*", tombstone).ShouldBeFalse();
        Ask("not value:*", tombstone).ShouldBeTrue();
        Ask("key:*", tombstone).ShouldBeFalse();
        Ask("value.a:*", tombstone).ShouldBeFalse();
        Ask("text", tombstone).ShouldBeFalse();
        Ask("timestamp:*", tombstone).ShouldBeFalse();
        Ask("trace:*", tombstone).ShouldBeFalse();
    }

    [Fact]
    public void Korean_is_found_as_syllables_as_letters_and_escaped()
    {
        string[] writings = ["한강", "\u1112\u1161\u11ab\u1100\u1161\u11bc", "\\ud55c\\uac15", "\\uD55C\\uAC15"];
        foreach (var written in writings)
        {
            Ask("한강", Json($"{{\"a\":\"{written}\"}}")).ShouldBeTrue(written);
            Ask(writings[1], Json($"{{\"a\":\"{written}\"}}")).ShouldBeTrue(written);
        }

        Ask("value.a:한강", Json("{\"a\":\"\\ud55c\\uac15\"}")).ShouldBeTrue();
        Ask("한강", Json("{\"a\":\"한 강\"}")).ShouldBeFalse();
    }

    [Fact]
    public void Quotes_and_line_breaks_of_a_json_string_are_found_as_they_are_read() =>
        Ask("\"say \\\"hi\\\"\"", Json("{\"a\":\"say \\\"hi\\\"\"}")).ShouldBeTrue();

    [Theory]
    [InlineData("value.a:1", "{\"a\":1.0}", true)]
    [InlineData("value.a:1", "{\"a\":10e-1}", true)]
    [InlineData("value.a:-0", "{\"a\":0.00}", true)]
    [InlineData("value.a > -1", "{\"a\":-1.5}", false)]
    [InlineData("value.a < 0.1", "{\"a\":0.09999999999999999999999999999}", true)]
    [InlineData("value.a > 9223372036854775807", "{\"a\":9223372036854775808}", true)]
    [InlineData("value.a > 1e400", "{\"a\":1e401}", true)]
    [InlineData("value.a > 1e-9999999999999999999999", "{\"a\":0}", false)]
    [InlineData("value.a:..5", "{\"a\":[9,7,4]}", true)]
    [InlineData("value.a:3..5", "{\"a\":[1,9]}", false)]
    [InlineData("value.a:2026-01..2026-03", "{\"a\":\"2026-02-14T09:00:00Z\"}", true)]
    [InlineData("value.a.b:x", "[{\"a\":[[{\"b\":\"y\"}],{\"b\":\"x\"}]}]", true)]
    [InlineData("value.a.b:x", "{\"a\":{\"c\":{\"b\":\"x\"}}}", false)]
    [InlineData("value.b:x", "{\"a\":{\"b\":\"x\"}}", false)]
    [InlineData("value.a:*", "{\"a\":{}}", true)]
    [InlineData("value.a:x", "{\"a\":1,\"a\":\"x\"}", true)]
    [InlineData("value.a:true", "{\"a\":true}", true)]
    [InlineData("value.a:\"true\"", "{\"a\":true}", false)]
    [InlineData("value.\"a.b\":x", "{\"a.b\":\"x\"}", true)]
    [InlineData("value.a:x", "{\"\\u0061\":\"\\u0078\"}", true)]
    [InlineData("value.a:x", "{\"a\":\"x\"", true)]
    [InlineData("value.b:x", "{\"a\":\"x\" \"b\"", false)]
    [InlineData("value.a:x", "[2026-02-14] {\"a\":\"x\"}", false)]
    [InlineData("value.a:*", "{\"a\":\"\\ud800\"}", true)]
    [InlineData("value.a:x*", "{\"a\":\"\\ud800\"}", false)]
    public void A_field_of_json_is_found_by_its_tokens(string query, string json, bool finds) => Ask(query, Json(json)).ShouldBe(finds);

    [Fact]
    public void Bytes_that_are_no_text_are_searched_as_bytes()
    {
        var record = new StoredRecord("t", 0, 0, 5, [0xff, (byte)'a', (byte)'B'], [0x00, 0xfe, .. "find me"u8], [new RecordHeader("h", null)]);
        Ask("AB", record).ShouldBeTrue();
        Ask("\"find ME\"", record).ShouldBeTrue();
        Ask("value.a:x", record).ShouldBeFalse();
        Ask("headers.h:*", record).ShouldBeTrue();
        Ask("headers.h:x", record).ShouldBeFalse();
    }

    [Fact]
    public void Depth_and_size_of_a_document_do_no_harm()
    {
        var deep = new string('[', 100_000) + "{\"a\":1}";
        Ask("value.a:1", Json(deep)).ShouldBeFalse();
        Ask("value.b:*a*a*a*a*a*a*a*b", Json($"{{\"b\":\"{new string('a', 1_000_000)}\"}}")).ShouldBeFalse();
        Ask(new string('a', 1_000) + "b", Json(new string('a', 200_000))).ShouldBeFalse();
    }

    [Theory]
    [InlineData("partition:3 offset:10..20", 3, 3, 10, 20)]
    [InlineData("partition:1 or partition:5", 1, 5, 0, long.MaxValue)]
    [InlineData("offset > 10 and (offset < 20 or paid)", 0, long.MaxValue, 11, long.MaxValue)]
    [InlineData("not partition:3", 0, long.MaxValue, 0, long.MaxValue)]
    [InlineData("partition:3 or paid", 0, long.MaxValue, 0, long.MaxValue)]
    public void A_query_says_where_its_hits_can_lie(string query, long fromPartition, long toPartition, long fromOffset, long toOffset) =>
        RecordQuery.Parse(query).Range.ShouldBe(new QueryRange(fromPartition, toPartition, fromOffset, toOffset));

    [Fact]
    public void Times_and_keys_narrow_the_range_too()
    {
        var time = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(10_000_000));
        RecordQuery.Parse("timestamp > -1h", time).Range.FromTime.ShouldBe(10_000_000 - 3_600_000 + 1);
        RecordQuery.Parse("timestamp >= 1970-01-02 timestamp < 1970-01-05", time).Range.FromTime.ShouldBe(86_400_000);
        RecordQuery.Parse("timestamp < -1h", time).Range.FromTime.ShouldBeNull();
        RecordQuery.Parse("key:user-1 paid").Range.Key.ShouldBe(Encoding.UTF8.GetBytes("user-1"));
        RecordQuery.Parse("key:user*").Range.Key.ShouldBeNull();
        RecordQuery.Parse("key:a or key:b").Range.Key.ShouldBeNull();
        RecordQuery.Parse("key:a or paid").Range.Key.ShouldBeNull();
    }

    private static bool Ask(string query, StoredRecord record) => RecordQuery.Parse(query).Matches(record);

    private static StoredRecord Json(string value) => new("t", 0, 0, 1, null, Encoding.UTF8.GetBytes(value), []);
}
