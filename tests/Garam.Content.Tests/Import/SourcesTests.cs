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
        records[2].Error.ShouldNotBeNull().ShouldContain("1 value, not 2");
        records[3].Error.ShouldNotBeNull().ShouldContain("quote");
    }

    [Fact]
    public async Task A_quote_that_is_never_closed_does_not_read_the_rest_of_a_large_file_into_memory()
    {
        var records = await CsvSource.ReadAsync(new EndlessText("title,content\n가,나\n\"", "다라\n"), default).ToListAsync();
        records.Select(record => record.Line).ShouldBe([2, 3]);
        records[0].Fields["content"].ShouldBe("나");
        records[1].Error.ShouldNotBeNull().ShouldContain("16 MiB");
    }

    [Fact]
    public async Task Json_values_that_are_not_nested_are_fields()
    {
        var records = await ReadNdjson("""{"text": "가", "userId": 7, "tags": ["x"], "user": null}""" + "\n[1]\n{");
        records[0].Fields.ShouldBe(new Dictionary<string, string> { ["text"] = "가", ["userId"] = "7" }, ignoreOrder: true);
        records[1].Error.ShouldNotBeNull().ShouldContain("object");
        records[2].Error.ShouldNotBeNull().ShouldContain("JSON");
    }

    [Fact]
    public async Task A_line_that_is_too_long_is_refused_and_the_lines_after_it_are_read()
    {
        var lines = await BoundedLines.ReadAsync(new StringReader($"a\n{new string('x', 100_000)}\n\nlast"), maxLength: 90_000, default).ToListAsync();
        lines.ShouldBe(["a", null, "", "last"]);
        (await BoundedLines.ReadAsync(new StringReader("ab"), maxLength: 1, default).ToListAsync()).ShouldBe([null]);
        (await BoundedLines.ReadAsync(new StringReader("a\n"), maxLength: 1, default).ToListAsync()).ShouldBe(["a"]);
    }

    private static Task<List<SourceRecord>> ReadCsv(string text) => CsvSource.ReadAsync(new StringReader(text), default).ToListAsync().AsTask();

    private static Task<List<SourceRecord>> ReadNdjson(string text) => NdjsonSource.ReadAsync(new StringReader(text), default).ToListAsync().AsTask();

    private sealed class EndlessText(string start, string rest) : TextReader
    {
        private string _next = start;

        public override int Read(Span<char> buffer)
        {
            var length = Math.Min(buffer.Length, _next.Length);
            _next.AsSpan(0, length).CopyTo(buffer);
            _next = length < _next.Length ? _next[length..] : rest;
            return length;
        }

        public override int Read(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));

        public override int Read() => Read(new char[1], 0, 1);

        public override ValueTask<int> ReadAsync(Memory<char> buffer, CancellationToken cancellationToken = default) => new(Read(buffer.Span));
    }
}
