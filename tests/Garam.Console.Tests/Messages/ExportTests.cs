using System.Net;
using System.Text;
using Garam.Console.Messages;
using Garam.Operations.Messages;
using Garam.Operations.Topics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Garam.Console.Tests.Messages;

/// <summary>The records of a search as a file.</summary>
public sealed class ExportTests(SharedConsole console) : IClassFixture<SharedConsole>
{
    private ConsoleServer Server => console.Server;

    private MessageOperations Messages => Server.Services.GetRequiredService<MessageOperations>();

    [Fact]
    public async Task What_a_search_finds_is_exported_as_NDJSON_and_can_be_produced_again()
    {
        await WriteAsync("exported", 7);
        using var answer = await Server.Http.GetAsync("/api/topics/exported/messages/export?format=ndjson&from=oldest&q=offset%3E%3D5");
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/x-ndjson");
        answer.Content.Headers.ContentDisposition!.FileName.ShouldBe("exported.ndjson");
        var lines = (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(RecordLine.Parse).ToList();
        lines.Select(line => (line.Offset, line.Key, line.Value)).ShouldBe([(5, "", "값 5"), (6, "", "값 6")]);
    }

    [Fact]
    public async Task The_page_links_to_the_export_of_what_it_shows()
    {
        await WriteAsync("linked", 1);
        var page = WebUtility.HtmlDecode(await Server.PageAsync("/console/topics/linked/messages?from=oldest&q=offset%3A0&wait=10"));
        page.ShouldContain("/api/topics/linked/messages/export?from=oldest&q=offset%3A0&format=csv");
        var csv = await Server.Http.GetByteArrayAsync("/api/topics/linked/messages/export?from=oldest&q=offset%3A0&format=csv");
        csv[..3].ShouldBe(Encoding.UTF8.GetPreamble(), "Excel reads Korean only with the mark");
        var text = Encoding.UTF8.GetString(csv[3..]).Split('\n');
        text[0].ShouldBe(RecordCsv.Header);
        text[1].ShouldEndWith(",\"\",,값 0,,");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_export_that_is_cut_short_says_so_in_its_last_line(bool isCsv)
    {
        var topic = isCsv ? "cut-csv" : "cut-ndjson";
        await WriteAsync(topic, 5);
        var body = new MemoryStream();
        var context = new DefaultHttpContext { Response = { Body = body } };
        await new MessageExport(topic, isCsv, new BrowseRequest(topic) { Order = BrowseOrder.Oldest, Limit = 3 }, Messages).ExecuteAsync(context);
        var last = Encoding.UTF8.GetString(body.ToArray()).TrimEnd('\n').Split('\n')[^1];
        last.ShouldContain("at the limit of 3 records");
        if (!isCsv)
            Should.Throw<FormatException>(() => RecordLine.Parse(last), "half an export must not be taken for a whole one");
    }

    [Theory]
    [InlineData("/api/topics/absent/messages/export?format=csv", HttpStatusCode.NotFound)]
    [InlineData("/api/topics/absent/messages/export?format=xml", HttpStatusCode.BadRequest)]
    [InlineData("/api/topics/absent/messages/export?format=csv&q=%22", HttpStatusCode.BadRequest)]
    public async Task What_cannot_be_exported_is_an_error_and_not_a_file(string path, HttpStatusCode expected)
    {
        using var answer = await Server.Http.GetAsync(path);
        answer.StatusCode.ShouldBe(expected);
    }

    [Fact]
    public async Task Empty_keys_and_values_are_told_from_null_ones()
    {
        await Server.Services.GetRequiredService<TopicOperations>().CreateAsync(["emptiness"], 1, null, new Dictionary<string, string>(), dryRun: false, default);
        await Messages.ProduceAsync(new NewRecord("emptiness", [], []));
        await Messages.ProduceAsync(new NewRecord("emptiness", null, null));
        var page = await Server.PageAsync("/console/topics/emptiness/messages?wait=10");
        page.ShouldContain(">empty</bdi>");
        page.ShouldContain(">no key</bdi>");
        (await Server.PageAsync("/console/topics/emptiness/0/0")).ShouldContain("a key of 0 bytes");
        (await Server.PageAsync("/console/topics/emptiness/0/1")).ShouldContain("<p class=\"muted\">no key</p>");
    }

    [Fact]
    public async Task A_record_is_sent_again_only_when_that_was_confirmed()
    {
        await WriteAsync("resent", 1);
        (string, string)[] form = [("of", "resent/0/0"), ("key", "k"), ("keyForm", "text"), ("value", "v"), ("valueForm", "text")];
        using var refused = await Server.PostAsync("/console/topics/resent/produce", form);
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await refused.Content.ReadAsStringAsync()).ShouldContain("tick the box");
        using var sent = await Server.PostAsync("/console/topics/resent/produce", [.. form, ("again", "true")]);
        sent.Headers.Location!.OriginalString.ShouldBe("/console/topics/resent/0/1");
    }

    [Theory]
    [InlineData("from=-5m", true)]
    [InlineData("from=-1h", true)]
    [InlineData("from=time&since=-5m", true)]
    [InlineData("from=time&since=2020-01-01T00:00:00.000Z&until=-1h", false)]
    [InlineData("from=time&since=1577836800000", true)]
    public async Task A_range_of_time_is_a_choice_of_the_form(string query, bool finds)
    {
        await WriteAsync("ranges", 1);
        var page = await Server.PageAsync($"/console/topics/ranges/messages?{query}&wait=10");
        page.ShouldNotContain("id=\"mistake\"");
        page.Contains(">값 0</bdi>", StringComparison.Ordinal).ShouldBe(finds);
    }

    private async Task WriteAsync(string topic, int count)
    {
        if ((await Server.Services.GetRequiredService<TopicOperations>().CreateAsync([topic], 1, null, new Dictionary<string, string>(), dryRun: false, default))[0].Failure is not null)
            return;
        for (var number = 0; number < count; number++)
            await Messages.ProduceAsync(new NewRecord(topic, [], Encoding.UTF8.GetBytes($"값 {number}")));
    }
}
