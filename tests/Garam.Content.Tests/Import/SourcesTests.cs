using Garam.Content.Import;

namespace Garam.Content.Tests.Import;

public sealed class SourcesTests
{
    [Fact]
    public async Task Csv_values_may_hold_commas_quotes_and_line_ends()
    {
        var records = await ReadCsv("title,content\n\"가, \"\"나\"\"\",\"첫 줄\n둘째 줄\"\n\n다,라\n마\n\"바,사\n");
        records.Select(record => record.Line).ShouldBe([2, 5, 6, 7]);
        records[0].Fields["TITLE"].ShouldBe("가, \"나\"");
        records[0].Fields["content"].ShouldBe("첫 줄\n둘째 줄");
        records[1].Fields["content"].ShouldBe("라");
        records[2].Error.ShouldNotBeNull().ShouldContain("1 values, not 2");
        records[3].Error.ShouldNotBeNull().ShouldContain("quote");
    }

    [Fact]
    public async Task Json_values_that_are_not_nested_are_fields()
    {
        var records = await ReadNdjson("""{"text": "가", "userId": 7, "tags": ["x"], "user": null}""" + "\n[1]\n{");
        records[0].Fields.ShouldBe(new Dictionary<string, string> { ["text"] = "가", ["userId"] = "7" }, ignoreOrder: true);
        records[1].Error.ShouldNotBeNull().ShouldContain("object");
        records[2].Error.ShouldNotBeNull().ShouldContain("JSON");
    }

    private static Task<List<SourceRecord>> ReadCsv(string text) => CsvSource.ReadAsync(new StringReader(text), default).ToListAsync().AsTask();

    private static Task<List<SourceRecord>> ReadNdjson(string text) => NdjsonSource.ReadAsync(new StringReader(text), default).ToListAsync().AsTask();
}
