using System.Globalization;
using System.Text;
using System.Text.Json;
using CsCheck;
using Garam.Messaging.Producing;
using Garam.Operations.Messages;
using Garam.Operations.Queries;

namespace Garam.Operations.Tests.Queries;

/// <summary>Random questions to random records, answered by the compiled query and by a plain evaluator that knows nothing of bytes.</summary>
public sealed class QueryPropertyTests
{
    private static readonly string[] Words = ["paid", "PAID", "한강", "user-1", "user-2", "x", "배달", "a b", "Pa", "1", "12"];
    private static readonly decimal[] Numbers = [0, 1, -1, 1.5m, 1.50m, 12, 9007199254740993, 9007199254740992, 0.1m];

    internal static readonly Gen<StoredRecord> Records =
        from partition in Gen.Int[0, 3]
        from offset in Gen.Int[0, 40]
        from time in Gen.Int[0, 20]
        from key in Gen.OneOf<string?>([null, .. Words])
        from value in Gen.OneOf(Gen.Const(default(string)), Gen.OneOf<string?>(Words), Objects)
        from header in Gen.OneOf<string?>([null, .. Words])
        select new StoredRecord("orders", partition, offset, time * 1000L, Bytes(key), Bytes(value), header is null ? [] : [RecordHeader.Text("source", header)]);

    /// <summary>A query with the answer that it should give.</summary>
    internal static Gen<(string Text, Func<StoredRecord, bool> Expected)> Queries(int depth) => depth == 0 ? Gen.OneOf([.. Leaves]) : Gen.OneOf(
    [
        .. Leaves,
        from inner in Queries(depth - 1) select ($"not ({inner.Text})", new Func<StoredRecord, bool>(record => !inner.Expected(record))),
        from one in Queries(depth - 1) from other in Queries(depth - 1) from and in Gen.OneOf(" ", " and ")
        select ($"({one.Text}){and}({other.Text})", new Func<StoredRecord, bool>(record => one.Expected(record) && other.Expected(record))),
        from one in Queries(depth - 1) from other in Queries(depth - 1)
        select ($"({one.Text} or {other.Text})", new Func<StoredRecord, bool>(record => one.Expected(record) || other.Expected(record))),
    ]);

    [Fact]
    public void A_compiled_query_answers_as_a_plain_evaluation_does() =>
        Samples.Sample(sample =>
        {
            var query = RecordQuery.Parse(sample.query.Text);
            var expected = sample.query.Expected(sample.record);
            query.Matches(sample.record).ShouldBe(expected, $"{sample.query.Text} of {Show(sample.record)}");
            if (expected)
            {
                query.Range.HasPartition(sample.record.Partition).ShouldBeTrue(sample.query.Text);
                sample.record.Offset.ShouldBeInRange(query.Range.FromOffset, query.Range.ToOffset, sample.query.Text);
                sample.record.TimestampMs!.Value.ShouldBeGreaterThanOrEqualTo(query.Range.FromTime ?? 0, sample.query.Text);
            }
        }, iter: 5_000);

    private static Gen<((string Text, Func<StoredRecord, bool> Expected) query, StoredRecord record)> Samples => from query in Queries(2) from record in Records select (query, record);

    private static Gen<string?> Objects =>
        from word in Gen.OneOf(Words)
        from number in Gen.OneOf(Numbers)
        from numbers in Gen.OneOf(Numbers).Array[0, 6]
        from escape in Gen.Bool
        let name = escape ? JsonSerializer.Serialize(word) : $"\"{word}\""
        select $$"""{"status":{{name}},"total":{{Text(number)}},"items":[{{string.Join(',', numbers.Select(each => $$"""{"n":{{Text(each)}}}"""))}}]}""";

    private static IEnumerable<Gen<(string, Func<StoredRecord, bool>)>> Leaves =>
    [
        from word in Gen.OneOf(Words) select ($"\"{word}\"", new Func<StoredRecord, bool>(record => TextsOf(record).Any(text => Holds(text, word)))),
        from word in Gen.OneOf(Words) select ($"value:\"{word}\"", new Func<StoredRecord, bool>(record => Holds(Text(record.Value), word))),
        from word in Gen.OneOf(Words) select ($"key:\"{word}\"", new Func<StoredRecord, bool>(record => Text(record.Key) == word)),
        from word in Gen.OneOf(Words) select ($"headers.source:\"{word}\"", new Func<StoredRecord, bool>(record => record.Header("source") == word)),
        from word in Gen.OneOf(Words) select ($"value.status:\"{word}\"", new Func<StoredRecord, bool>(record => Field(record, "status") is { ValueKind: JsonValueKind.String } status && status.GetString() == word)),
        Gen.Const(("value.status:*", new Func<StoredRecord, bool>(record => Field(record, "status") is not null))),
        from number in Gen.OneOf(Numbers) select ($"value.total:{Text(number)}", new Func<StoredRecord, bool>(record => Field(record, "total")?.GetDecimal() == number)),
        from number in Gen.OneOf(Numbers) select ($"value.items.n > {Text(number)}", new Func<StoredRecord, bool>(record => Items(record).Any(item => item > number))),
        from ends in Gen.Select(Gen.OneOf(Numbers), Gen.OneOf(Numbers)) select ($"value.items.n:{Text(ends.Item1)}..{Text(ends.Item2)}", new Func<StoredRecord, bool>(record => Items(record).Any(item => item >= ends.Item1 && item <= ends.Item2))),
        from partition in Gen.Int[0, 3] select ($"partition:{partition}", new Func<StoredRecord, bool>(record => record.Partition == partition)),
        from offset in Gen.Int[-1, 41] from sign in Gen.OneOf(">", "<=") select ($"offset {sign} {offset}", new Func<StoredRecord, bool>(record => sign == ">" ? record.Offset > offset : record.Offset <= offset)),
        from second in Gen.Int[0, 20] from sign in Gen.OneOf(">=", "<") select ($"timestamp{sign}{second * 1000}", new Func<StoredRecord, bool>(record => sign == ">=" ? record.TimestampMs >= second * 1000 : record.TimestampMs < second * 1000)),
    ];

    private static IEnumerable<string?> TextsOf(StoredRecord record) => [Text(record.Key), Text(record.Value), .. record.Headers.SelectMany(header => new[] { header.Name, header.AsText() })];

    private static bool Holds(string? text, string word) => text is not null
        && (text.Contains(word, StringComparison.OrdinalIgnoreCase) || text.Contains(JsonEncodedText.Encode(word).ToString(), StringComparison.OrdinalIgnoreCase));

    private static JsonElement? Field(StoredRecord record, string name) =>
        Text(record.Value) is ['{', ..] json && JsonDocument.Parse(json).RootElement.TryGetProperty(name, out var field) ? field : null;

    private static IEnumerable<decimal> Items(StoredRecord record) => Field(record, "items")?.EnumerateArray().Select(item => item.GetProperty("n").GetDecimal()) ?? [];

    private static byte[]? Bytes(string? text) => text is null ? null : Encoding.UTF8.GetBytes(text);

    private static string? Text(byte[]? bytes) => bytes is null ? null : Encoding.UTF8.GetString(bytes);

    private static string Text(decimal number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Show(StoredRecord record) => $"{record.Place} {record.TimestampMs} {Text(record.Key)} {Text(record.Value)} {record.Header("source")}";
}
