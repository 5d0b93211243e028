using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Garam.Messaging.Producing;
using Garam.Operations.Messages;
using Garam.Operations.Topics;
using Microsoft.Extensions.DependencyInjection;

namespace Garam.Console.Tests.Messages;

public sealed class MessagePagesTests(SharedConsole console) : IClassFixture<SharedConsole>
{
    private const string Hostile = "</td><script>alert(1)</script>\u202e\u0000\u001b[31m";

    private ConsoleServer Server => console.Server;

    private MessageOperations Messages => Server.Services.GetRequiredService<MessageOperations>();

    [Fact]
    public async Task A_page_of_records_comes_without_script_and_leads_to_the_next_one()
    {
        await TopicAsync("paged", Enumerable.Range(0, 120).Select(number => Record($"k{number}", $"v{number}")));
        var newest = await Server.PageAsync("/console/topics/paged/messages?wait=10");
        Count(newest, "<tr class=\"record\">").ShouldBe(51, "50 rows, and the one that the script makes rows from");
        newest.ShouldContain(">v119<");
        newest.ShouldNotContain(">v69<");

        var older = await Server.PageAsync(Link(newest, "data-older") + "&wait=10");
        older.ShouldContain(">v69<");
        older.ShouldNotContain(">v119<");
    }

    [Fact]
    public async Task A_page_without_progress_yet_gives_its_script_figures_to_begin_with()
    {
        await TopicAsync("slow", [Record("k", "v")]);
        var page = await Server.PageAsync("/console/topics/slow/messages?q=v&wait=0");
        page.ShouldContain("data-scanned=\"0\" data-total=\"0\" data-hits=\"0\"");
    }

    [Theory]
    [InlineData("from=oldest&n=50", "v0", "v49", "v50")]
    [InlineData("from=offset&first=100&last=110", "v100", "v110", "v111")]
    [InlineData("from=offset&first=119", "v119", "v119", "v118")]
    public async Task The_address_says_which_part_is_shown(string query, string first, string last, string beyond)
    {
        await TopicAsync("parts", Enumerable.Range(0, 120).Select(number => Record(null, $"v{number}")));
        var page = await Server.PageAsync($"/console/topics/parts/messages?{query}&wait=10");
        page.ShouldContain($">{first}<");
        page.ShouldContain($">{last}<");
        page.ShouldNotContain($">{beyond}<");
    }

    [Theory]
    [InlineData("from=offset&first=abc")]
    [InlineData("from=time&since=someday")]
    [InlineData("partition=x")]
    public async Task A_field_that_makes_no_sense_is_said_and_stays_in_the_form(string query)
    {
        await TopicAsync("mistakes", []);
        var page = await Server.PageAsync($"/console/topics/mistakes/messages?{query}");
        page.ShouldContain("id=\"mistake\"");
        using var stream = await Server.Http.GetAsync($"/api/topics/mistakes/messages?{query}");
        stream.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_query_finds_its_records_and_a_mistake_in_it_is_pointed_at()
    {
        await TopicAsync("queried", Enumerable.Range(0, 30).Select(number => Record($"k{number}", $$"""{"id":{{number}}}""")));
        var page = await Server.PageAsync($"/console/topics/queried/messages?q={Uri.EscapeDataString("value.id:17")}&wait=10");
        page.ShouldContain("data-hits=\"1\"");
        page.ShouldContain(">k17<");
        var mistaken = await Server.PageAsync($"/console/topics/queried/messages?q={Uri.EscapeDataString("a and (b or")}");
        mistaken.ShouldContain("id=\"mistake\"");
        mistaken.ShouldContain("aria-invalid=\"true\"");
        mistaken.ShouldContain("           ^");
        using var stream = await Server.Http.GetAsync("/api/topics/queried/messages?q=(");
        (await stream.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("column").GetInt32().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task The_journey_of_a_record_is_a_page_and_a_part_of_one()
    {
        await TopicAsync("travelled", [Record("k", "v")]);
        (await Server.PageAsync("/console/topics/travelled/0/0/journey")).ShouldContain("garam message journey travelled 0 0");
        (await Server.PageAsync("/console/topics/travelled/0/0/journey?part=true")).ShouldNotContain("<html");
        (await Server.Http.GetAsync("/console/topics/travelled/0/1/journey")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task What_records_hold_is_text_wherever_it_is_shown()
    {
        await TopicAsync("hostile", [new NewRecord("hostile", Bytes(Hostile), Bytes(Hostile)) { Headers = [new RecordHeader("<b>name</b>", Bytes(Hostile))] }]);
        foreach (var path in new[] { "messages", "0/0", "0/0?form=raw", "0/0?form=hex", "0/0?part=true", "produce?of=0:0", "copy?of=0:0" })
        {
            var page = await Server.PageAsync($"/console/topics/hostile/{path}");
            page.ShouldNotContain("<script>alert", customMessage: path);
            page.ShouldNotContain("<b>name</b>", customMessage: path);
            page.ShouldNotContain("\u202e", customMessage: path);
            page.ShouldNotContain("\u0000", customMessage: path);
        }

        WebUtility.HtmlDecode(await Server.PageAsync("/console/topics/hostile/0/0")).ShouldContain("‹U+202E›␀␛[31m");
    }

    [Fact]
    public async Task A_large_value_shows_its_head_and_is_downloaded_whole()
    {
        var large = Bytes(new string('a', 1_000_000) + "END");
        await TopicAsync("large", [new NewRecord("large", null, large)]);
        var page = await Server.PageAsync("/console/topics/large/0/0");
        page.Length.ShouldBeLessThan(120_000);
        page.ShouldContain("1,000,003 bytes");
        (await Server.PageAsync("/console/topics/large/0/0?full=true")).ShouldContain("aEND");
        (await Server.PageAsync("/console/topics/large/messages")).Length.ShouldBeLessThan(60_000);

        using var download = await Server.Http.GetAsync("/api/topics/large/0/0/value");
        (await download.Content.ReadAsByteArrayAsync()).ShouldBe(large);
        download.Content.Headers.ContentType!.MediaType.ShouldBe("application/octet-stream");
        download.Content.Headers.ContentDisposition!.DispositionType.ShouldBe("attachment");
    }

    [Fact]
    public async Task Next_and_previous_lead_to_the_records_that_are_there()
    {
        await TopicAsync("neighbours", Enumerable.Range(0, 5).Select(number => Record(null, $"{number}")));
        await (Topics.ClearAsync(await Topics.PlanClearAsync("neighbours", null, 2, null, default), default));
        (await LocationAsync("/console/topics/neighbours/0/0/next")).ShouldBe("/console/topics/neighbours/0/2");
        (await LocationAsync("/console/topics/neighbours/0/3/previous")).ShouldBe("/console/topics/neighbours/0/2");
        (await LocationAsync("/console/topics/neighbours/0/2/previous")).ShouldStartWith("/console/topics/neighbours/0/2");
        (await LocationAsync("/console/topics/neighbours/0/4/next")).ShouldStartWith("/console/topics/neighbours/0/4");
        (await Server.Http.GetAsync("/console/topics/neighbours/0/1")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_record_is_written_by_the_form_with_key_headers_and_partition()
    {
        await TopicAsync("written", [], partitions: 3);
        using var sent = await Server.PostAsync("/console/topics/written/produce",
            ("key", "열쇠"), ("keyForm", "text"), ("value", "one\r\ntwo"), ("valueForm", "text"),
            ("header0", "h"), ("headerValue0", "x"), ("headerValue0Form", "text"),
            ("header1", "h"), ("headerValue1", ""), ("headerValue1Form", "null"),
            ("header2", ""), ("headerValue2", ""), ("headerValue2Form", "text"), ("partition", "2"));
        sent.Headers.Location!.OriginalString.ShouldBe("/console/topics/written/2/0");
        var record = (await Messages.ReadAsync("written", 2, 0))!;
        Encoding.UTF8.GetString(record.Key!).ShouldBe("열쇠");
        Encoding.UTF8.GetString(record.Value!).ShouldBe("one\ntwo");
        record.Headers.Select(header => (header.Name, header.AsText())).ShouldBe([("h", "x"), ("h", null)]);
    }

    [Fact]
    public async Task A_tombstone_without_a_key_and_bytes_are_written_as_they_are()
    {
        await TopicAsync("bytes", []);
        await Server.PostAsync("/console/topics/bytes/produce", ("key", ""), ("keyForm", "null"), ("value", "//79AA=="), ("valueForm", "base64"), ("partition", ""));
        await Server.PostAsync("/console/topics/bytes/produce", ("key", "k"), ("keyForm", "text"), ("value", ""), ("valueForm", "null"), ("partition", ""));
        var first = (await Messages.ReadAsync("bytes", 0, 0))!;
        first.Key.ShouldBeNull();
        first.Value.ShouldBe([0xff, 0xfe, 0xfd, 0x00]);
        (await Messages.ReadAsync("bytes", 0, 1))!.Value.ShouldBeNull();
    }

    [Fact]
    public async Task A_key_that_was_typed_is_not_dropped_because_none_was_chosen()
    {
        await TopicAsync("typed", []);
        using var refused = await Server.PostAsync("/console/topics/typed/produce", ("key", "typed"), ("keyForm", "null"), ("value", "v"), ("valueForm", "text"), ("partition", ""));
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await Messages.ReadAsync("typed", 0, 0)).ShouldBeNull();
    }

    [Fact]
    public async Task What_cannot_be_written_stays_in_the_form_with_the_reason()
    {
        await TopicAsync("unwritten", []);
        using var refused = await Server.PostAsync("/console/topics/unwritten/produce", ("key", "kept"), ("keyForm", "text"), ("value", "!!"), ("valueForm", "base64"), ("partition", ""));
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var page = await refused.Content.ReadAsStringAsync();
        page.ShouldContain("not valid base64");
        page.ShouldContain("kept");
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("\nfirst line is empty\n")]
    [InlineData("ends\r\nof\r\nlines\r\n")]
    [InlineData("mixed\r\nends\n")]
    [InlineData("bell \u0007")]
    [InlineData("")]
    public async Task A_record_that_is_sent_again_without_a_change_is_the_same_to_the_byte(string value)
    {
        var topic = $"again-{Math.Abs(value.GetHashCode(StringComparison.Ordinal))}-{Guid.NewGuid():N}";
        await TopicAsync(topic, [new NewRecord(topic, [0xff, 0x00], Bytes(value)) { Headers = [new RecordHeader("a", Bytes("1")), new RecordHeader("a", RecordBytes.OrNull(null)), new RecordHeader("b", Bytes(""))] }]);
        var form = await Server.PageAsync($"/console/topics/{topic}/produce?of=0:0");
        using var sent = await Server.PostAsync($"/console/topics/{topic}/produce", [.. FormFields.Of(form)]);
        sent.StatusCode.ShouldBe(HttpStatusCode.Found, await sent.Content.ReadAsStringAsync());

        var (before, after) = ((await Messages.ReadAsync(topic, 0, 0))!, (await Messages.ReadAsync(topic, 0, 1))!);
        after.Key.ShouldBe(before.Key);
        after.Value.ShouldBe(before.Value);
        after.Headers.Select(header => (header.Name, header.Value?.ToArray() is { } bytes ? Convert.ToHexString(bytes) : null))
            .ShouldBe(before.Headers.Select(header => (header.Name, header.Value?.ToArray() is { } bytes ? Convert.ToHexString(bytes) : null)));
    }

    [Fact]
    public async Task A_record_is_copied_to_another_topic_with_everything_it_has()
    {
        await TopicAsync("copied", [new NewRecord("copied", Bytes("k"), null) { Headers = [new RecordHeader("h", Bytes("x"))], TimestampMs = 1_700_000_000_123 }]);
        await TopicAsync("copies", []);
        using var sent = await Server.PostAsync("/console/topics/copied/copy", ("of", "copied/0/0"), ("to", "copies"));
        sent.Headers.Location!.OriginalString.ShouldBe("/console/topics/copies/0/0");
        var copy = (await Messages.ReadAsync("copies", 0, 0))!;
        copy.Value.ShouldBeNull();
        copy.TimestampMs.ShouldBe(1_700_000_000_123);
        copy.Header("h").ShouldBe("x");
    }

    [Fact]
    public async Task The_stream_tells_rows_progress_and_its_end_with_offsets_as_text()
    {
        await TopicAsync("streamed", Enumerable.Range(0, 30).Select(number => Record(number % 2 == 0 ? null : Hostile, $$"""{"id":9007199254740993,"n":{{number}}}""")));
        var events = await EventsAsync("/api/topics/streamed/messages?from=oldest&n=10");
        var rows = events.Where(said => said.Type == "rows").SelectMany(said => said.Data.GetProperty("rows").EnumerateArray()).ToList();
        rows.Count.ShouldBe(10);
        rows[3].GetProperty("offset").GetString().ShouldBe("3");
        rows[3].GetProperty("value").GetString().ShouldBe("""{"id":9007199254740993,"n":3}""");
        rows[3].GetProperty("key").GetString()!.ShouldContain("‹U+202E›");
        rows[2].GetProperty("key").ValueKind.ShouldBe(JsonValueKind.Null);
        events.ShouldContain(said => said.Type == "progress" && said.Data.GetProperty("hits").GetInt64() == 10);
        var done = events[^1];
        done.Type.ShouldBe("done");
        done.Data.GetProperty("why").GetString().ShouldBe("limit");

        var more = await EventsAsync($"/api/topics/streamed/messages?from=oldest&n=1000&cursor={Uri.EscapeDataString(done.Data.GetProperty("newer").GetString()!)}");
        more.Where(said => said.Type == "rows").Sum(said => said.Data.GetProperty("rows").GetArrayLength()).ShouldBe(20);
        more[^1].Data.GetProperty("why").GetString().ShouldBe("everything");
    }

    [Fact]
    public async Task A_stream_of_a_topic_that_is_not_there_says_so() =>
        (await EventsAsync("/api/topics/absent/messages")).Single().Type.ShouldBe("failed");

    private TopicOperations Topics => Server.Services.GetRequiredService<TopicOperations>();

    private async Task TopicAsync(string topic, IEnumerable<NewRecord> records, int partitions = 1)
    {
        if ((await Topics.CreateAsync([topic], partitions, null, new Dictionary<string, string>(), dryRun: false, default))[0].Failure is not null)
            return;
        await Task.WhenAll(records.Select(record => Messages.ProduceAsync(record with { Topic = topic })));
    }

    private async Task<List<(string Type, JsonElement Data)>> EventsAsync(string path)
    {
        using var answer = await Server.Http.GetAsync(path);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        return ServerSent.Read(await answer.Content.ReadAsStringAsync());
    }

    private async Task<string> LocationAsync(string path)
    {
        using var answer = await Server.Http.GetAsync(path);
        return answer.Headers.Location!.OriginalString;
    }

    private static string Link(string page, string mark)
    {
        var at = page.IndexOf("href=\"", page.IndexOf(mark, StringComparison.Ordinal), StringComparison.Ordinal) + 6;
        return WebUtility.HtmlDecode(page[at..page.IndexOf('"', at)]);
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private static NewRecord Record(string? key, string value) => new("", key is null ? null : Bytes(key), Bytes(value));

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
