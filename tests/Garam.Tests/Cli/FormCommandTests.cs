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

/// <summary>
/// The command that a form shows does what its button does: two topics are prepared alike, the command is run for the one and the button pressed for the other.
/// </summary>
public sealed partial class FormCommandTests(SharedConsole console) : IClassFixture<SharedConsole>, IDisposable
{
    private readonly KafkaConnection _kafka = new(console.Server.Broker!.BootstrapServers);
    private readonly string _commanded = $"c-{Guid.NewGuid():N}";
    private readonly string _pressed = $"p-{Guid.NewGuid():N}";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private TopicOperations Topics => new(_kafka);

    public void Dispose() => _kafka.Dispose();

    [Theory]
    [InlineData("", "", "")]
    [InlineData("3", "1", "retention.ms=7d\ncleanup.policy=compact,delete")]
    public async Task A_topic_is_created_alike(string partitions, string replication, string configs)
    {
        (string, string)[] Form(string name) => [("name", name), ("partitions", partitions), ("replication", replication), ("configs", configs)];
        await RunAsync(await TextAsync("/console/topics/command", Form(_commanded)));
        await PressAsync("/console/topics", Form(_pressed));
        await ShouldBeAlikeAsync();
    }

    [Fact]
    public async Task A_form_that_cannot_be_sent_shows_no_command() => (await TextAsync("/console/topics/command", ("name", ""), ("partitions", "3"))).ShouldBeEmpty();

    [Fact]
    public async Task Settings_are_changed_alike()
    {
        await CreateAsync(1, ("retention.ms", "1000"), ("segment.bytes", "2000000"));
        (string, string)[] form = [("retention.ms", ""), ("segment.bytes", "1GiB"), ("cleanup.policy", "compact,delete"), ("compression.type", "")];
        var preview = await TextAsync($"/console/topics/{_commanded}/config/preview", form);
        await RunAsync(CommandOf(preview));
        await PressAsync($"/console/topics/{_pressed}/config", form);
        await ShouldBeAlikeAsync();
        (await Topics.DescribeAsync([_commanded], Ct))[0].Configs.Keys.ShouldBe(["segment.bytes", "cleanup.policy"], ignoreOrder: true);
    }

    [Fact]
    public async Task Partitions_are_added_alike()
    {
        await CreateAsync(1);
        (await console.Server.PageAsync($"/console/topics/{_commanded}")).ShouldContain($"garam topic add-partitions {_commanded} 2 --yes");
        await RunAsync(await TextAsync($"/console/topics/{_commanded}/partitions/command", ("total", "4")));
        await PressAsync($"/console/topics/{_pressed}/partitions", ("total", "4"));
        await ShouldBeAlikeAsync();
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("?before=1970-01-01T00:00:03.500", 7)]
    public async Task Records_are_deleted_alike(string before, long left)
    {
        await CreateAsync(2);
        await WriteAsync(10);
        await RunAsync(CommandOf(await console.Server.PageAsync($"/console/topics/{_commanded}/clear{before}")));
        var preview = await console.Server.PageAsync($"/console/topics/{_pressed}/clear{before}");
        (string, string)[] shown = [.. BeforeField().Matches(preview).Select(field => (field.Groups[1].Value, field.Groups[2].Value))];
        await PressAsync($"/console/topics/{_pressed}/clear", [("confirm", _pressed), .. shown]);
        await ShouldBeAlikeAsync();
        (await Topics.CountRecordsAsync([_commanded], Ct))[_commanded].ShouldBe(left);
    }

    [Fact]
    public async Task A_topic_is_deleted_alike()
    {
        await CreateAsync(1);
        await RunAsync(DialogCommandOf(await console.Server.PageAsync($"/console/topics/{_commanded}"), "delete-topic"));
        await PressAsync($"/console/topics/{_pressed}/delete", ("confirm", _pressed));
        (await Topics.ListAsync(Ct)).ShouldNotContain(topic => topic.Name == _commanded || topic.Name == _pressed);
    }

    [Theory]
    [InlineData("clear", "")]
    [InlineData("config", "retention.ms=7d")]
    [InlineData("config", "segment.bytes=")]
    [InlineData("delete", "")]
    public async Task Several_topics_are_changed_alike(string action, string setting)
    {
        await CreateAsync(1, ("segment.bytes", "2000000"));
        await WriteAsync(4);
        (string, string)[] Form(string topic) => [("action", action), ("setting", setting), ("topic", topic)];
        await RunAsync(CommandOf(await TextAsync("/console/topics/selected/plan", [.. Form(_commanded), ("topic", "absent")])));
        var plan = PlanField().Match(await TextAsync("/console/topics/selected/plan", Form(_pressed))) is { Success: true } field ? WebUtility.HtmlDecode(field.Groups[1].Value) : "";
        await PressAsync("/console/topics/selected/apply", [.. Form(_pressed), ("plan", plan), ("confirm", "1 topic")], HttpStatusCode.OK);
        if (action == "delete")
            (await Topics.ListAsync(Ct)).ShouldNotContain(topic => topic.Name == _commanded || topic.Name == _pressed);
        else
            await ShouldBeAlikeAsync();
    }

    [Theory]
    [InlineData("", 3)]
    [InlineData("key:k1", 1)]
    [InlineData("not value:\"it's\"", 2)]
    public async Task Letters_are_sent_back_alike(string query, int sent)
    {
        await CreateAsync(1);
        await LettersAsync();
        await RunAsync(await RedriveCommandAsync(await PlanAsync($"{Letters(_commanded)}/plan", ("q", query)), ("rate", "500")));
        await SendAsync(await PlanAsync($"{Letters(_pressed)}/plan", ("q", query)));
        await ShouldBeAlikeAsync();
        (await ReadAsync(_commanded)).Count.ShouldBe(sent);
    }

    [Fact]
    public async Task One_letter_is_sent_back_alike()
    {
        await CreateAsync(1);
        await LettersAsync();
        await RunAsync(PlanCommandOf(await PlanAsync($"{Letters(_commanded)}/0/1/plan")));
        await SendAsync(await PlanAsync($"{Letters(_pressed)}/0/1/plan"));
        await ShouldBeAlikeAsync();
        (await ReadAsync(_commanded)).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("key=other", "value={\"a\": \"it's\"}", "header-0-name=trace", "header-0-value=two\nlines")]
    [InlineData("key=", "key-none=on", "value=", "value-none=on", "header-0-name=trace", "header-0-drop=on", "force=on")]
    [InlineData("key=", "value=", "header-0-name=none", "header-0-value=", "header-0-value-none=on", "header-1-name=none", "header-1-value=-x", "force=on")]
    public async Task A_corrected_letter_is_sent_back_alike(params string[] fields)
    {
        await CreateAsync(1);
        await LettersAsync();
        (string, string)[] form = [.. fields.Select(field => (field[..field.IndexOf('=')], field[(field.IndexOf('=') + 1)..]))];
        await RunAsync(PlanCommandOf(await PlanAsync($"{Letters(_commanded)}/0/0/plan", form)));
        await SendAsync(await PlanAsync($"{Letters(_pressed)}/0/0/plan", form));
        await ShouldBeAlikeAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("?state=all")]
    [InlineData("?limit=2")]
    [InlineData("?q=key%3Ak1")]
    public async Task A_list_of_letters_and_its_command_show_the_same(string view)
    {
        await CreateAsync(1);
        await LettersAsync();
        await RunAsync($"garam dlq redrive {_commanded}.billing.dlt 0:2 --yes");
        var page = await console.Server.PageAsync(Letters(_commanded) + view);
        using var answer = JsonDocument.Parse((await RunAsync($"{CommandOf(page)} -o json")).Out);
        var places = answer.RootElement.EnumerateArray().Select(letter => letter.GetProperty("record")).Select(record => $"{record.GetProperty("partition")}:{record.GetProperty("offset")}").ToList();
        places.ShouldBe(LetterRow().Matches(page).Select(row => row.Groups[1].Value));
        places.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task The_topics_of_letters_and_a_letter_are_shown_by_their_commands()
    {
        await CreateAsync(1);
        await LettersAsync();
        (await RunAsync(CommandOf(await console.Server.PageAsync("/console/dead-letters")))).Out.ShouldContain($"{_commanded}.billing.dlt");
        var letter = (await RunAsync(CommandOf(await console.Server.PageAsync($"{Letters(_commanded)}/0/1")))).Out;
        letter.ShouldContain("Shop.BrokenException: broken 1");
    }

    private static string Letters(string topic) => $"/console/dead-letters/{topic}.billing.dlt";

    private async Task CreateAsync(int partitions, params (string Name, string Value)[] configs)
    {
        var outcomes = await Topics.CreateAsync([_commanded, _pressed], partitions, 1, configs.ToDictionary(config => config.Name, config => config.Value), dryRun: false, Ct);
        outcomes.ShouldAllBe(outcome => outcome.Failure == null);
    }

    // Alternately to the partitions, a second apart.
    private async Task WriteAsync(int count)
    {
        using var messages = new MessageOperations(_kafka);
        foreach (var topic in (string[])[_commanded, _pressed])
        {
            var partitions = (await Topics.DescribeAsync([topic], Ct))[0].Partitions.Count;
            for (var number = 0; number < count; number++)
                await messages.ProduceAsync(new NewRecord(topic, null, [(byte)number]) { Partition = number % partitions, TimestampMs = 1000L * (number + 1) }, Ct);
        }
    }

    private async Task LettersAsync()
    {
        (await Topics.CreateAsync([$"{_commanded}.billing.dlt", $"{_pressed}.billing.dlt"], 1, 1, new Dictionary<string, string>(), dryRun: false, Ct)).ShouldAllBe(outcome => outcome.Failure == null);
        using var messages = new MessageOperations(_kafka);
        foreach (var topic in (string[])[_commanded, _pressed])
            for (var number = 0; number < 3; number++)
                await messages.ProduceAsync(LetterOf(topic, number), Ct);
    }

    private static NewRecord LetterOf(string topic, int number) => new($"{topic}.billing.dlt", Encoding.UTF8.GetBytes($"k{number}"), Encoding.UTF8.GetBytes(number == 1 ? "it's one" : $"{{\"number\": {number}}}"))
    {
        Headers =
        [
            RecordHeader.Text("trace", "abc"), RecordHeader.Text("garam.dlt.topic", topic), RecordHeader.Text("garam.dlt.partition", "0"), RecordHeader.Text("garam.dlt.offset", $"{number}"),
            RecordHeader.Text("garam.dlt.group", "billing"), RecordHeader.Text("garam.dlt.exception", "Shop.BrokenException"), RecordHeader.Text("garam.dlt.message", $"broken {number}"),
        ],
    };

    private async Task<GaramCli.Result> RunAsync(string command) => (await new PastedCommand(_kafka.BootstrapServers).RunAsync(command)).ShouldExitWith(0);

    private async Task PressAsync(string address, params (string, string)[] form) => await PressAsync(address, form, HttpStatusCode.Redirect);

    private async Task PressAsync(string address, (string, string)[] form, HttpStatusCode expected)
    {
        using var answer = await console.Server.PostAsync(address, form);
        (answer.StatusCode is HttpStatusCode.Found ? HttpStatusCode.Redirect : answer.StatusCode).ShouldBe(expected, await answer.Content.ReadAsStringAsync(Ct));
    }

    private async Task<string> TextAsync(string address, params (string, string)[] form)
    {
        using var answer = await console.Server.PostAsync(address, form);
        return await answer.Content.ReadAsStringAsync(Ct);
    }

    private async Task<string> PlanAsync(string address, params (string, string)[] form)
    {
        using var answer = await console.Server.PostAsync(address, form);
        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect, await answer.Content.ReadAsStringAsync(Ct));
        return await console.Server.PageAsync(answer.Headers.Location!.ToString());
    }

    private Task<string> RedriveCommandAsync(string plan, params (string, string)[] fields) =>
        TextAsync($"{Letters(_commanded)}/redrive/command", [("plan", PlanField().Match(plan).Groups[1].Value), .. fields]);

    private async Task SendAsync(string plan)
    {
        using var answer = await console.Server.PostAsync($"{Letters(_pressed)}/redrive", ("plan", PlanField().Match(plan).Groups[1].Value));
        var job = answer.Headers.Location!.ToString();
        for (var page = ""; !page.Contains("status ok", StringComparison.Ordinal);)
            (page = await console.Server.PageAsync(job)).ShouldNotContain("class=\"note bad\"");
    }

    private async Task ShouldBeAlikeAsync()
    {
        var topics = await Topics.DescribeAsync([_commanded, _pressed], Ct);
        var (commanded, pressed) = (topics.Single(topic => topic.Name == _commanded), topics.Single(topic => topic.Name == _pressed));
        commanded.Configs.ShouldBe(pressed.Configs);
        commanded.Partitions.Select(Bounds).ShouldBe(pressed.Partitions.Select(Bounds));
        (await ReadAsync(_commanded)).ShouldBe(await ReadAsync(_pressed));
    }

    private static string Bounds(PartitionDetail partition) => $"{partition.Partition}: {partition.StartOffset}-{partition.EndOffset}, {partition.Replicas.Count}";

    private async Task<List<string>> ReadAsync(string topic)
    {
        using var messages = new MessageOperations(_kafka);
        var found = await messages.BrowseAsync(new BrowseRequest(topic), Ct).OfType<BrowseEvent.Rows>().ToListAsync(Ct);
        return [.. found.SelectMany(rows => rows.Records).Select(record => RecordLine.From(record with { Topic = "" }) with
        {
            Timestamp = null,
            Headers = [.. RecordLine.From(record).Headers?.Where(header => !header.Key.StartsWith("garam.", StringComparison.Ordinal)) ?? []],
        }).Select(line => line.ToString())];
    }

    private static string CommandOf(string page) => WebUtility.HtmlDecode(Command().Match(page).Groups[1].Value);

    private static string DialogCommandOf(string page, string dialog) => Boxed(page[page.IndexOf($"<dialog id=\"{dialog}\"", StringComparison.Ordinal)..]);

    private static string PlanCommandOf(string page) => Boxed(page);

    private static string Boxed(string page) => WebUtility.HtmlDecode(BoxedCommand().Match(page).Groups[1].Value);

    [GeneratedRegex(@"<footer class=""same-by-command""[^>]*>.*?<code>(.*?)</code>", RegexOptions.Singleline)]
    private static partial Regex Command();

    [GeneratedRegex(@"<div class=""same-by-command""[^>]*>.*?<code>(.*?)</code>", RegexOptions.Singleline)]
    private static partial Regex BoxedCommand();

    [GeneratedRegex(@"name=""(before\d+)"" value=""(\d+)""")]
    private static partial Regex BeforeField();

    [GeneratedRegex(@"name=""plan"" value=""([^""]*)""")]
    private static partial Regex PlanField();

    [GeneratedRegex(@"<th scope=""row"" class=""nowrap""><a [^>]*>(\d+:\d+)</a>")]
    private static partial Regex LetterRow();
}
