using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Garam.Console.Tests;
using Garam.Messaging.Producing;
using Garam.Operations.Connections;
using Garam.Operations.Messages;
using Garam.Operations.Topics;

namespace Garam.Tests.Cli;

/// <summary>Commands that pages show are run as they are: page and command give the same answer.</summary>
public sealed partial class PageCommandTests : IAsyncLifetime
{
    private const string Topic = "orders";

    private ConsoleServer _console = null!;
    private PastedCommand _pasted = null!;
    private KafkaConnection _kafka = null!;
    private MessageOperations _messages = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _console = await ConsoleServer.StartAsync();
        _pasted = new PastedCommand(_console.Broker!.BootstrapServers);
        _kafka = new KafkaConnection(_console.Broker!.BootstrapServers);
        _messages = new MessageOperations(_kafka);
        await new TopicOperations(_kafka).CreateAsync([Topic], 3, 1, new Dictionary<string, string>(), dryRun: false, Ct);
    }

    public async ValueTask DisposeAsync()
    {
        _messages.Dispose();
        _kafka.Dispose();
        await _console.DisposeAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("?q=needle", "a search among the newest records, whose hits are old")]
    [InlineData("?from=newest&partition=1&n=7")]
    [InlineData("?from=oldest&n=20")]
    [InlineData("?from=oldest&q=not value:needle")]
    [InlineData("?from=offset&first=5&last=11&q=value.number > 30")]
    [InlineData("?from=offset", "without an offset")]
    [InlineData("?from=time&since=1970-01-01T00:00:50&until=1970-01-01T00:01:20")]
    [InlineData("?from=time", "without a time")]
    [InlineData("?from=time&until=1970-01-01T00:00:20")]
    public async Task A_page_of_records_and_its_command_show_the_same_records(string view, string why = "")
    {
        await WriteAsync(120);
        var page = await _console.PageAsync($"/console/topics/{Topic}/messages{(view.Length == 0 ? "?" : view + "&")}wait=60".Replace(" ", "%20").Replace(">", "%3E"));
        var shown = RowPattern().Matches(page).Select(row => $"{row.Groups[1].Value}:{row.Groups[2].Value}").ToList();
        shown.ShouldNotBeEmpty(why);
        (await RunAsync($@"{CommandOf(page)} -f '%p:%o\n'")).ShouldBe(shown, Case.Sensitive, why);
    }

    [Fact]
    public async Task A_second_page_and_its_command_show_the_same_records()
    {
        await WriteAsync(120);
        var first = await _console.PageAsync($"/console/topics/{Topic}/messages?n=50&wait=60");
        var next = WebUtility.HtmlDecode(Regex.Match(first, @"href=""([^""]*cursor=[^""]*)""").Groups[1].Value);
        var page = await _console.PageAsync($"{next}&wait=60");
        var shown = RowPattern().Matches(page).Select(row => $"{row.Groups[1].Value}:{row.Groups[2].Value}").ToList();
        shown.Count.ShouldBe(50);
        (await RunAsync($@"{CommandOf(page)} -f '%p:%o\n'")).ShouldBe(shown);
    }

    [Fact]
    public async Task No_command_is_shown_for_a_field_that_makes_no_sense() =>
        (await _console.PageAsync($"/console/topics/{Topic}/messages?from=offset&first=abc")).ShouldNotContain("same-by-command");

    [Theory]
    [InlineData("key=k", "keyForm=text", "value=hello there", "valueForm=text")]
    [InlineData("key=", "keyForm=null", "value={\"a\": \"it's\"}", "valueForm=text", "partition=2")]
    [InlineData("key=k", "keyForm=text", "value=", "valueForm=null")]
    [InlineData("key=", "keyForm=null", "value=", "valueForm=null")]
    [InlineData("key=-k", "keyForm=text", "value=--value", "valueForm=text", "header0=trace", "headerValue0=-1", "headerValue0Form=text")]
    [InlineData("key=/v8=", "keyForm=base64", "value=AAH/", "valueForm=base64", "header0=none", "headerValue0=", "headerValue0Form=null", "partition=1")]
    [InlineData("key=한글", "keyForm=text", "value=두 줄\n둘째", "valueForm=text", "header0=a=b", "headerValue0=c", "headerValue0Form=text")]
    public async Task The_command_of_the_form_that_writes_a_record_writes_the_same_record(params string[] fields)
    {
        (string, string)[] form = [.. fields.Select(field => (field[..field.IndexOf('=')], field[(field.IndexOf('=') + 1)..]))];
        var written = await _console.PostAsync($"/console/topics/{Topic}/produce", form);
        written.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        var place = written.Headers.Location!.ToString().Split('/')[^2..];

        var command = await (await _console.PostAsync($"/console/topics/{Topic}/produce/command", form)).Content.ReadAsStringAsync(Ct);
        (await _pasted.RunAsync(command)).ShouldExitWith(0);
        var expected = (await _messages.ReadAsync(Topic, int.Parse(place[0]), long.Parse(place[1]), Ct))!;
        var all = await _messages.BrowseAsync(new BrowseRequest(Topic), Ct).ToListAsync(Ct);
        var records = all.OfType<BrowseEvent.Rows>().SelectMany(rows => rows.Records).ToList();
        records.Count.ShouldBe(2);
        var other = records.Single(record => record.Place != expected.Place);
        Text(other).ShouldBe(Text(expected), command);
        if (expected.Key is not null || form.Any(field => field.Item1 == "partition"))
            other.Partition.ShouldBe(expected.Partition, command);
    }

    [Theory]
    [InlineData("kind=start")]
    [InlineData("kind=end", "partitions=0,2")]
    [InlineData("kind=shift", "shift=-2")]
    [InlineData("kind=offset", "offset=3")]
    [InlineData("kind=ago", "ago=1h")]
    [InlineData("kind=time", "time=1970-01-01T00:00:50")]
    public async Task The_command_of_a_reset_previews_what_the_form_previews(params string[] choices)
    {
        await WriteAsync(60);
        (await _pasted.RunAsync($"garam consume {Topic} --group 'my group' --exit -f ''")).ShouldExitWith(0);
        var form = new Dictionary<string, string> { ["known"] = Topic, ["topic"] = Topic, ["partitions"] = "" };
        foreach (var choice in choices)
            form[choice[..choice.IndexOf('=')]] = choice[(choice.IndexOf('=') + 1)..];
        (string, string)[] fields = [.. form.Select(field => (field.Key, field.Value))];

        var preview = await (await _console.PostAsync("/console/group/reset/preview?name=my%20group", fields)).Content.ReadAsStringAsync(Ct);
        using var plan = JsonDocument.Parse(WebUtility.HtmlDecode(Regex.Match(preview, @"name=""plan"" value=""([^""]*)""").Groups[1].Value));
        var shown = plan.RootElement.GetProperty("Partitions").EnumerateArray().Select(line => $"{line.GetProperty("Partition")} {line.GetProperty("Before")} {line.GetProperty("After")}");

        var command = await (await _console.PostAsync("/console/group/reset/command?name=my%20group", fields)).Content.ReadAsStringAsync(Ct);
        using var answer = JsonDocument.Parse((await _pasted.RunAsync($"{command} -o json")).ShouldExitWith(0).Out);
        answer.RootElement.GetProperty("partitions").EnumerateArray().Select(line => $"{line.GetProperty("partition")} {line.GetProperty("before")} {line.GetProperty("after")}").ShouldBe(shown, Case.Sensitive, command);
    }

    [Fact]
    public async Task The_overview_and_cluster_health_name_the_same_problems()
    {
        await WriteAsync(6, from: DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        (await _pasted.RunAsync($"garam consume {Topic} --group billing -n 1 -f ''")).ShouldExitWith(0);
        var (page, reasons) = ("", new List<string>());
        for (var look = 0; look < 60 && reasons.Count == 0; look++)
        {
            // A page waits three seconds for the first answer of the broker, and then says that there is none yet.
            page = await _console.PageAsync("/console");
            reasons = [.. ReasonPattern().Matches(page).Select(reason => WebUtility.HtmlDecode(reason.Groups[1].Value))];
        }

        reasons.Count.ShouldBe(1);
        reasons[0].ShouldStartWith("Group billing has no members:");
        CommandOf(page).ShouldStartWith("garam cluster health");
        (await _pasted.RunAsync("garam cluster health")).ShouldExitWith(8).Lines.ShouldBe(reasons);
    }

    [Fact]
    public async Task A_group_that_is_taken_for_abandoned_is_no_problem_on_the_page_and_none_of_the_command()
    {
        await WriteAsync(6);
        (await _pasted.RunAsync($"garam consume {Topic} --group billing -n 1 -f ''")).ShouldExitWith(0);
        var page = "";
        for (var look = 0; look < 60 && !page.Contains("1 group is not well and raises no alarm", StringComparison.Ordinal); look++)
            page = await _console.PageAsync("/console");

        page.ShouldContain("1 group is not well and raises no alarm");
        ReasonPattern().Count(page).ShouldBe(0);
        (await _pasted.RunAsync("garam cluster health")).ShouldExitWith(0).Error.ShouldContain("1 group is not well and raises no alarm");
    }

    [Fact]
    public async Task A_topic_that_does_not_exist_is_not_created_by_writing_to_it()
    {
        var refused = await _pasted.RunAsync("garam produce ordres --value x");
        refused.ShouldExitWith(3).Error.ShouldContain("topic ordres does not exist. Did you mean orders?");
        (await _console.PostAsync("/console/topics/ordres/produce", ("value", "x"), ("valueForm", "text"))).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await new TopicOperations(_kafka).ListAsync(Ct)).ShouldNotContain(topic => topic.Name == "ordres");

        (await _pasted.RunAsync("garam produce ordres --value x --create")).ShouldExitWith(0);
        (await new TopicOperations(_kafka).ListAsync(Ct)).ShouldContain(topic => topic.Name == "ordres");
    }

    [Theory]
    [InlineData("garam topci list", "Did you mean topic?")]
    [InlineData("garam topic lst", "Did you mean list or ls?")]
    [InlineData("garam consume orders --offest 3", "Did you mean --offset?")]
    [InlineData("garam consume orders -n many", "--count many: write a whole number.")]
    [InlineData("garam consume orders --exit --where 'status:PAID'", "For a field of a JSON value, write value.status.")]
    [InlineData("garam consume orders --exit --where 'ofset:3'", "Did you mean offset?")]
    [InlineData("garam group describe bililng", "does not exist. Did you mean billing?")]
    public async Task A_mistake_is_answered_with_what_was_probably_meant(string command, string expected)
    {
        await WriteAsync(1);
        (await _pasted.RunAsync($"garam consume {Topic} --group billing --exit -f ''")).ShouldExitWith(0);
        var answer = await _pasted.RunAsync(command);
        answer.ExitCode.ShouldBeOneOf(2, 3);
        answer.Error.ShouldContain(expected);
        answer.Error.ShouldNotContain("System.");
    }

    private async Task WriteAsync(int count, long from = 1)
    {
        for (var number = 0; number < count; number++)
        {
            var value = number % 40 == 3 ? $"needle {number}" : $$"""{"number": {{number}}}""";
            await _messages.ProduceAsync(new NewRecord(Topic, null, Encoding.UTF8.GetBytes(value)) { Partition = number % 3, TimestampMs = from + (number * 1000) }, Ct);
        }
    }

    private async Task<string[]> RunAsync(string command) => (await _pasted.RunAsync(command)).ShouldExitWith(0).Lines;

    // The page names this broker; so does the environment of the shell.
    private static string CommandOf(string page) => WebUtility.HtmlDecode(CommandPattern().Match(page).Groups[1].Value);

    private static string Text(StoredRecord record) => (RecordLine.From(record) with { Partition = null, Offset = null, Timestamp = null }).ToString();

    [GeneratedRegex(@"<a class=""open""[^>]*href=""/console/topics/[^/""]+/(\d+)/(\d+)""")]
    private static partial Regex RowPattern();

    [GeneratedRegex(@"<footer class=""same-by-command""[^>]*>.*?<code>(.*?)</code>", RegexOptions.Singleline)]
    private static partial Regex CommandPattern();

    [GeneratedRegex(@"<li><span class=""status [a-z]+"">.*?</span>\s*<a href=""[^""]*"">([^<]*)</a>", RegexOptions.Singleline)]
    private static partial Regex ReasonPattern();
}
