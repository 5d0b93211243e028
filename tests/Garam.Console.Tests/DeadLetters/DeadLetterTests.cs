using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Confluent.Kafka;
using Garam.Console.DeadLetters;
using Garam.Messaging.Failures;
using Garam.Operations.Connections;
using Garam.Operations.Topics;
using Microsoft.Extensions.DependencyInjection;

namespace Garam.Console.Tests.DeadLetters;

/// <summary>Each test has a pair of topics of its own: a source with one partition, and the dead letters of a group that reads it.</summary>
public sealed partial class DeadLetterTests(SharedConsole console) : IClassFixture<SharedConsole>
{
    private const string Markup = "<script>alert('가람')</script>";

    private readonly string _source = TestKafka.NewName("orders");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Letters => $"{_source}.billing.dlt";

    private KafkaConnection Kafka => console.Server.Services.GetRequiredService<KafkaConnection>();

    [Fact]
    public async Task A_letter_is_read_corrected_and_sent_back_by_forms_alone()
    {
        await LetterAsync("""{"id": 9007199254740993, "amount": "twelve"}""", "k1", ("trace", "abc"));
        var (list, topic, letter) = ($"/console/dead-letters", $"/console/dead-letters/{Letters}", $"/console/dead-letters/{Letters}/0/0");
        (await console.Server.PageAsync(list)).ShouldContain($"href=\"{topic}\"");
        (await console.Server.PageAsync(topic)).ShouldContain($"href=\"{letter}\"");
        var page = await console.Server.PageAsync(letter);
        page.ShouldContain("InvalidAmountException");
        page.ShouldContain("9007199254740993");

        var plan = await RedirectOf($"{letter}/plan", ("key", "k1"), ("value", """{"id": 9007199254740993, "amount": 12}"""), ("header-0-name", "trace"), ("header-0-value", "abc"), ("header-1-name", ""), ("header-1-value", ""));
        var preview = await console.Server.PageAsync(plan);
        preview.ShouldContain("twelve&quot;</bdi></del>");
        preview.ShouldContain("12</bdi></ins>");
        (await ReadAsync(_source)).Count.ShouldBe(1, "a preview sends nothing");

        var job = await RedriveAsync(("plan", PlanField().Match(preview).Groups[1].Value));
        (await console.Server.PageAsync(job)).ShouldContain($"href=\"/console/topics/{_source}/0/1\"");
        var sent = (await ReadAsync(_source))[1];
        Text(sent.Message.Value).ShouldBe("""{"id": 9007199254740993, "amount": 12}""");
        Text(sent.Message.Key).ShouldBe("k1");
        Text(sent.Message.Headers.GetLastBytes("trace")).ShouldBe("abc");

        var after = await console.Server.PageAsync(letter);
        after.ShouldContain("re-driven");
        after.ShouldContain($"href=\"/console/topics/{_source}/0/1\"");
        (await console.Server.PageAsync(topic)).ShouldNotContain($"href=\"{letter}\"", customMessage: "it is open no more");
        (await console.Server.PageAsync($"{topic}?state=all")).ShouldContain($"href=\"{letter}\"");
    }

    [Fact]
    public async Task What_nobody_has_touched_keeps_its_bytes()
    {
        byte[] value = [0xff, 0x00, 0x80], header = [0xc3, 0x28];
        await LetterAsync(value, null, ("binary", header), ("lines", "one\ntwo"u8.ToArray()), ("empty", []), ("none", null));
        var plan = await RedirectOf($"/console/dead-letters/{Letters}/0/0/plan", FieldsOf(await console.Server.PageAsync($"/console/dead-letters/{Letters}/0/0")));
        var preview = await console.Server.PageAsync(plan);
        preview.ShouldNotContain("What is changed");
        await RedriveAsync(("plan", PlanField().Match(preview).Groups[1].Value));

        var sent = (await ReadAsync(_source))[1].Message;
        sent.Key.ShouldBeNull();
        sent.Value.ShouldBe(value);
        sent.Headers.Where(own => !own.Key.StartsWith("garam.", StringComparison.Ordinal)).Select(own => (own.Key, own.GetValueBytes() is { } bytes ? Convert.ToHexString(bytes) : null))
            .ShouldBe([("binary", "C328"), ("lines", "6F6E650A74776F"), ("empty", ""), ("none", null)]);
    }

    [Fact]
    public async Task Json_that_would_no_longer_be_any_is_sent_only_if_that_is_meant()
    {
        await LetterAsync("""{"id": 1}""", "k");
        using var refused = await console.Server.PostAsync($"/console/dead-letters/{Letters}/0/0/plan", ("key", "k"), ("value", """{"id": 1"""), ("header-0-name", ""));
        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await refused.Content.ReadAsStringAsync(Ct)).ShouldContain("""{&quot;id&quot;: 1</textarea>""", customMessage: "what was written is not lost");

        var plan = await RedirectOf($"/console/dead-letters/{Letters}/0/0/plan", ("key", "k"), ("value", """{"id": 1"""), ("force", "on"), ("header-0-name", ""));
        (await console.Server.PageAsync(plan)).ShouldContain("What is changed");
    }

    [Fact]
    public async Task Those_that_a_query_selects_are_sent_and_the_others_stay()
    {
        await LetterAsync("apples", "a");
        await LetterAsync("pears", "b");
        await LetterAsync("apples and pears", "c");
        var plan = await RedirectOf($"/console/dead-letters/{Letters}/plan", ("q", "apples"));
        var preview = await console.Server.PageAsync(plan);
        preview.ShouldContain("Send 2 back");
        await RedriveAsync(("plan", PlanField().Match(preview).Groups[1].Value), ("rate", "1000"));
        (await ReadAsync(_source)).Skip(3).Select(sent => Text(sent.Message.Value)).ShouldBe(["apples", "apples and pears"]);
        var open = await console.Server.PageAsync($"/console/dead-letters/{Letters}");
        open.ShouldContain("1 open");
        open.ShouldContain($"/console/dead-letters/{Letters}/0/1\"");
    }

    [Fact]
    public async Task A_plan_is_carried_out_once()
    {
        await LetterAsync("once", "a");
        var plan = await RedirectOf($"/console/dead-letters/{Letters}/plan");
        var id = PlanField().Match(await console.Server.PageAsync(plan)).Groups[1].Value;
        await RedriveAsync(("plan", id));
        using var again = await console.Server.PostAsync($"/console/dead-letters/{Letters}/redrive", ("plan", id));
        again.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await ReadAsync(_source)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Markup_in_a_letter_is_text_wherever_it_is_shown()
    {
        await LetterAsync(Markup, Markup, (Markup, Markup));
        foreach (var path in new[] { "/console/dead-letters", $"/console/dead-letters/{Letters}", $"/console/dead-letters/{Letters}/0/0", $"/console/dead-letters/{Letters}?q={Uri.EscapeDataString($"\"{Markup}\"")}" })
            (await console.Server.PageAsync(path)).ShouldNotContain("<script>alert");
    }

    [Fact]
    public async Task A_query_that_makes_no_sense_is_shown_with_its_mistake()
    {
        await LetterAsync("x", "a");
        using var answer = await console.Server.Http.GetAsync($"/console/dead-letters/{Letters}?q=value%3A%28", Ct);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync(Ct)).ShouldContain("class=\"mistake\"");
    }

    [Theory]
    [InlineData("nothing.at.all.dlt")]
    [InlineData("nothing.at.all.dlt/0/7")]
    [InlineData("nothing.at.all.dlt/plans/0123456789abcdef0123")]
    [InlineData("nothing.at.all.dlt/redrives/0123456789abcdef0123")]
    public async Task What_is_not_there_is_said_on_a_page(string what)
    {
        using var answer = await console.Server.Http.GetAsync($"/console/dead-letters/{what}", Ct);
        ((int)answer.StatusCode).ShouldBeInRange(400, 499);
        (await answer.Content.ReadAsStringAsync(Ct)).ShouldContain("class=\"note bad\"");
    }

    [Fact]
    public async Task A_program_plans_sends_and_follows_the_progress()
    {
        await LetterAsync("one", "a");
        await LetterAsync("two", "b");
        var listed = await JsonAsync($"/api/dead-letters/{Letters}");
        listed.EnumerateArray().Select(letter => letter.GetProperty("record").GetProperty("value").GetString()).ShouldBe(["two", "one"]);

        var plan = await PostJsonAsync($"/api/dead-letters/{Letters}/plan", """{"letter": "0:1", "edit": {"record": {"key": "b", "value": "zwei"}}}""");
        plan.GetProperty("count").GetInt64().ShouldBe(1);
        plan.GetProperty("diff").EnumerateArray().Select(line => line.GetProperty("change").GetString()).ShouldContain("Added");
        var job = (await PostJsonAsync("/api/dead-letters/redrives", $$"""{"plan": "{{plan.GetProperty("id").GetString()}}"}""")).GetProperty("id").GetString();

        var events = await console.Server.Http.GetStringAsync($"/api/dead-letters/redrives/{job}/events", Ct);
        events.ShouldContain("event: done");
        (await JsonAsync($"/api/dead-letters/redrives/{job}")).GetProperty("state").GetString().ShouldBe("Completed");
        Text((await ReadAsync(_source))[2].Message.Value).ShouldBe("zwei");
    }

    private Task LetterAsync(string value, string key, params (string Name, string Value)[] headers) =>
        LetterAsync(Encoding.UTF8.GetBytes(value), Encoding.UTF8.GetBytes(key), [.. headers.Select(header => (header.Name, (byte[]?)Encoding.UTF8.GetBytes(header.Value)))]);

    /// <summary>A record in the source, and what a group made of it.</summary>
    private async Task LetterAsync(byte[] value, byte[]? key, params (string Name, byte[]? Value)[] headers)
    {
        await new TopicOperations(Kafka).CreateAsync([_source, Letters], 1, 1, new Dictionary<string, string>(), dryRun: false, Ct);
        using var producer = new ProducerBuilder<byte[]?, byte[]?>(Kafka.Configure(new ProducerConfig { LingerMs = 0 })).Build();
        var own = new Headers();
        foreach (var (name, bytes) in headers)
            own.Add(name, bytes);
        var source = await producer.ProduceAsync(_source, new Message<byte[]?, byte[]?> { Key = key, Value = value, Headers = own }, Ct);
        foreach (var (name, text) in Reasons(source.Offset.Value))
            own.Add(name, Encoding.UTF8.GetBytes(text));
        await producer.ProduceAsync(new TopicPartition(Letters, 0), new Message<byte[]?, byte[]?> { Key = key, Value = value, Headers = own }, Ct);
    }

    private IEnumerable<(string Name, string Text)> Reasons(long offset) =>
    [
        (DeadLetterHeaders.Topic, _source),
        (DeadLetterHeaders.Partition, "0"),
        (DeadLetterHeaders.Offset, $"{offset}"),
        (DeadLetterHeaders.Group, "billing"),
        (DeadLetterHeaders.Attempts, "4"),
        (DeadLetterHeaders.Exception, "Shop.InvalidAmountException"),
        (DeadLetterHeaders.Message, $"no amount: {Markup}"),
        (DeadLetterHeaders.At, "2026-11-21T09:00:00.0000000Z"),
    ];

    private async Task<IReadOnlyList<ConsumeResult<byte[]?, byte[]?>>> ReadAsync(string topic)
    {
        using var consumer = new ConsumerBuilder<byte[]?, byte[]?>(Kafka.Configure(new ConsumerConfig { GroupId = "test", EnableAutoCommit = false, EnablePartitionEof = true })).Build();
        consumer.Assign(new TopicPartitionOffset(topic, 0, Offset.Beginning));
        var read = new List<ConsumeResult<byte[]?, byte[]?>>();
        await Task.Run(() =>
        {
            while (consumer.Consume(Ct) is { IsPartitionEOF: false } record)
                read.Add(record);
        }, Ct);
        return read;
    }

    /// <summary>Begins what was planned and follows it to its end.</summary>
    private async Task<string> RedriveAsync(params (string Name, string Value)[] fields)
    {
        var job = await RedirectOf($"/console/dead-letters/{Letters}/redrive", fields);
        (await console.Server.Http.GetStringAsync($"/api/dead-letters/redrives/{job.Split('/')[^1]}/events", Ct)).ShouldContain("event: done");
        return job;
    }

    private async Task<string> RedirectOf(string path, params (string Name, string Value)[] fields)
    {
        using var answer = await console.Server.PostAsync(path, fields);
        answer.StatusCode.ShouldBe(HttpStatusCode.Found, await answer.Content.ReadAsStringAsync(Ct));
        return answer.Headers.Location!.ToString();
    }

    private async Task<JsonElement> JsonAsync(string path) => JsonSerializer.Deserialize<JsonElement>(await console.Server.Http.GetStringAsync(path, Ct));

    private async Task<JsonElement> PostJsonAsync(string path, string body)
    {
        using var answer = await console.Server.Http.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"), Ct);
        var text = await answer.Content.ReadAsStringAsync(Ct);
        ((int)answer.StatusCode).ShouldBeInRange(200, 202, text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    /// <summary>What a browser would send of the form that corrects a letter, untouched.</summary>
    private static (string, string)[] FieldsOf(string page)
    {
        var form = page[page.IndexOf("data-letter", StringComparison.Ordinal)..];
        return
        [
            .. TextArea().Matches(form).Select(area => (area.Groups[1].Value, WebUtility.HtmlDecode(area.Groups[2].Value)[1..].Replace("\n", "\r\n"))),
            .. HeaderName().Matches(form).Select(input => (input.Groups[1].Value, WebUtility.HtmlDecode(input.Groups[2].Value))),
            .. CheckedBox().Matches(form).Select(box => (box.Groups[1].Value, "on")),
        ];
    }

    private static string Text(byte[]? bytes) => Encoding.UTF8.GetString(bytes!);

    [GeneratedRegex(@"name=""plan"" value=""(\w+)""")]
    private static partial Regex PlanField();

    [GeneratedRegex(@"<textarea[^>]* name=""([^""]+)""[^>]*>([^<]*)</textarea>")]
    private static partial Regex TextArea();

    [GeneratedRegex(@"<input name=""(header-\d+-name)"" value=""([^""]*)""")]
    private static partial Regex HeaderName();

    [GeneratedRegex(@"<input type=""checkbox"" name=""([^""]+)"" checked")]
    private static partial Regex CheckedBox();
}
