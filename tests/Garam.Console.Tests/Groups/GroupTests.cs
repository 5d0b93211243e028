using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Garam.Operations.Connections;
using Garam.Operations.Groups;
using Garam.Operations.Topics;
using Microsoft.Extensions.DependencyInjection;

namespace Garam.Console.Tests.Groups;

/// <summary>Each test has a topic of two partitions, with ten records in each, and a group of its own.</summary>
public sealed partial class GroupTests : IAsyncLifetime
{
    private readonly string _history = Directory.CreateTempSubdirectory("garam-resets-").FullName;
    private readonly string _topic = TestKafka.NewName("orders");
    private ConsoleServer _console = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private KafkaConnection Kafka => _console.Services.GetRequiredService<KafkaConnection>();

    public async ValueTask InitializeAsync()
    {
        // Not in the home of whoever runs the tests.
        _console = await ConsoleServer.StartAsync(services: services => services.AddSingleton(new ResetHistory(_history)));
        await new TopicOperations(Kafka).CreateAsync([_topic], 2, 1, new Dictionary<string, string>(), dryRun: false, Ct);
        using var producer = new ProducerBuilder<Null, string>(Kafka.Configure(new ProducerConfig { LingerMs = 0 })).Build();
        for (var record = 0; record < 20; record++)
            await producer.ProduceAsync(new TopicPartition(_topic, record % 2), new Message<Null, string> { Value = $"{record}" }, Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _console.DisposeAsync();
        Directory.Delete(_history, recursive: true);
    }

    public static TheoryData<string> HostileNames =>
    [
        "billing",
        "<script>alert(1)</script>",
        "../../topics/x?y=1&name=other#z",
        "정산 팀 / 월말",
        "tab\tand\u001b[31mred",
        "left\u202eright",
        "100%",
        "'; rm -rf /; '",
    ];

    [Theory, MemberData(nameof(HostileNames))]
    public async Task A_group_of_any_name_is_listed_shown_reset_and_put_back(string name)
    {
        await CommitAsync(name, 4, 6);
        var page = $"/console/group?name={Uri.EscapeDataString(name)}";
        var list = await _console.PageAsync("/console/groups");
        list.ShouldContain($"href=\"{WebUtility.HtmlEncode(page)}\"");
        var shown = await _console.PageAsync(page);
        shown.ShouldContain($"/console/topics/{_topic}/0/4\"");
        foreach (var html in new[] { list, shown })
        {
            html.ShouldNotContain("<script>alert");
            html.ShouldNotContain("\u202e");
            html.ShouldNotContain("\u001b");
        }

        var preview = await PreviewAsync(name, ("kind", "Start"));
        preview.ShouldContain("10 records will be read again, in 2 of 2 partitions.");
        preview.ShouldContain("<body data-still>", customMessage: "nothing is at the address of a preview");
        (await CommittedAsync(name)).ShouldBe([4, 6], "a preview changes nothing");

        var done = await RedirectOf($"/console/group/reset/apply?name={Uri.EscapeDataString(name)}", ("plan", PlanOf(preview)));
        (await CommittedAsync(name)).ShouldBe([0, 0]);
        (await _console.PageAsync(done)).ShouldContain("Undo the last reset");

        var undone = await _console.PageAsync(await RedirectOf($"/console/group/undo?name={Uri.EscapeDataString(name)}"));
        (await CommittedAsync(name)).ShouldBe([4, 6]);
        foreach (var html in new[] { undone, await _console.PageAsync(page) })
        {
            html.ShouldContain("Redo the undone reset");
            html.ShouldContain("Reset the group again, as before the undo?");
            html.ShouldNotContain("Undo the last reset");
        }

        undone.ShouldContain("<h1>The reset is undone</h1>");
    }

    [Theory]
    [InlineData("End", null, null, new long[] { 10, 10 })]
    [InlineData("Shift", "shift", "-3", new long[] { 1, 3 })]
    [InlineData("Shift", "shift", "2", new long[] { 6, 8 })]
    [InlineData("Offset", "offset", "7", new long[] { 7, 7 })]
    [InlineData("Time", "time", "2001-01-01T00:00", new long[] { 0, 0 })]
    [InlineData("Ago", "ago", "1h", new long[] { 0, 0 })]
    [InlineData("Group", "other", "neighbour", new long[] { 2, 3 })]
    public async Task Every_target_of_the_form_leads_there(string kind, string? field, string? value, long[] expected)
    {
        await CommitAsync("billing", 4, 6);
        await CommitAsync("neighbour", 2, 3);
        var preview = await PreviewAsync("billing", [("kind", kind), .. field is null ? [] : new[] { (field, value!) }]);
        await RedirectOf("/console/group/reset/apply?name=billing", ("plan", PlanOf(preview)));
        (await CommittedAsync("billing")).ShouldBe(expected);
    }

    [Fact]
    public async Task A_partition_that_is_not_named_stays()
    {
        await CommitAsync("billing", 4, 6);
        var preview = await PageOf(await _console.PostAsync("/console/group/reset/preview?name=billing", ("known", _topic), ("topic", _topic), ("partitions", "1"), ("kind", "End")));
        await RedirectOf("/console/group/reset/apply?name=billing", ("plan", PlanOf(preview)));
        (await CommittedAsync("billing")).ShouldBe([4, 10]);
    }

    [Fact]
    public async Task A_group_that_has_moved_since_the_preview_is_left_alone()
    {
        await CommitAsync("billing", 4, 6);
        var preview = await PreviewAsync("billing", ("kind", "Start"));
        await CommitAsync("billing", 5, 6);
        using var refused = await _console.PostAsync("/console/group/reset/apply?name=billing", ("plan", PlanOf(preview)));
        refused.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await refused.Content.ReadAsStringAsync(Ct)).ShouldContain("<body data-still>");
        (await CommittedAsync("billing")).ShouldBe([5, 6]);
    }

    [Fact]
    public async Task A_group_that_is_read_is_not_reset_and_the_page_says_who_reads_it()
    {
        using var consumer = new ConsumerBuilder<Ignore, string>(Kafka.Configure(new ConsumerConfig { GroupId = "billing", ClientId = "till-7", AutoOffsetReset = AutoOffsetReset.Earliest })).Build();
        consumer.Subscribe(_topic);
        consumer.Consume(Ct);
        consumer.Commit();
        (await _console.PageAsync("/console/group/reset?name=billing")).ShouldContain("till-7");
        using var refused = await _console.PostAsync("/console/group/reset/preview?name=billing", Form(("kind", "Start")));
        refused.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await refused.Content.ReadAsStringAsync(Ct)).ShouldContain("till-7");
        consumer.Close();
    }

    [Fact]
    public async Task A_group_that_reads_again_after_its_reset_is_shown_and_its_undo_is_disabled_with_the_reason()
    {
        await CommitAsync("billing", 4, 6);
        var done = await RedirectOf("/console/group/reset/apply?name=billing", ("plan", PlanOf(await PreviewAsync("billing", ("kind", "Start")))));
        using var consumer = new ConsumerBuilder<Ignore, string>(Kafka.Configure(new ConsumerConfig { GroupId = "billing", ClientId = "till-7", AutoOffsetReset = AutoOffsetReset.Earliest })).Build();
        consumer.Subscribe(_topic);
        consumer.Consume(Ct);
        foreach (var path in new[] { "/console/group?name=billing", done })
        {
            var page = await _console.PageAsync(path);
            page.ShouldContain("disabled aria-describedby=\"undo-refused\">Undo the last reset");
            page.ShouldContain("Not possible now: group billing has 1 member (till-7");
            (await _console.PageAsync(path, "ko")).ShouldContain("지금은 되돌릴 수 없습니다. 컨슈머 그룹 billing에 멤버가 1개 있습니다");
        }

        using var refused = await _console.PostAsync("/console/group/undo?name=billing");
        refused.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        consumer.Close();
    }

    [Fact]
    public async Task An_undo_from_a_page_that_is_out_of_date_does_not_redo_the_reset()
    {
        await CommitAsync("billing", 4, 6);
        await RedirectOf("/console/group/reset/apply?name=billing", ("plan", PlanOf(await PreviewAsync("billing", ("kind", "Start")))));
        (await _console.PageAsync("/console/group?name=billing")).ShouldContain("<input type=\"hidden\" name=\"target\" value=\"undo\"");
        await RedirectOf("/console/group/undo?name=billing", ("target", "undo"));
        using var again = await _console.PostAsync("/console/group/undo?name=billing", ("target", "undo"));
        again.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await CommittedAsync("billing")).ShouldBe([4, 6]);
    }

    [Fact]
    public async Task A_damaged_history_of_resets_does_not_take_the_page_of_a_group_away()
    {
        await CommitAsync("billing", 4, 6);
        await RedirectOf("/console/group/reset/apply?name=billing", ("plan", PlanOf(await PreviewAsync("billing", ("kind", "Start")))));
        await File.WriteAllTextAsync(Directory.GetFiles(_history, "*.json").Single(), "something else", Ct);
        (await _console.PageAsync("/console/group?name=billing")).ShouldContain("the history of resets: move the file away");
    }

    [Theory]
    [InlineData("kind", "Offset", "offset", "seven")]
    [InlineData("kind", "Ago", "ago", "yesterday")]
    [InlineData("kind", "Group", "other", "nobody")]
    public async Task What_makes_no_sense_leads_back_to_the_form_with_the_reason(params string[] fields)
    {
        await CommitAsync("billing", 4, 6);
        using var answer = await _console.PostAsync("/console/group/reset/preview?name=billing", Form((fields[0], fields[1]), (fields[2], fields[3])));
        ((int)answer.StatusCode).ShouldBeInRange(400, 409);
        (await answer.Content.ReadAsStringAsync(Ct)).ShouldContain("class=\"note bad\"");
    }

    [Fact]
    public async Task A_plan_for_one_group_does_not_reset_another()
    {
        await CommitAsync("billing", 4, 6);
        await CommitAsync("audit", 4, 6);
        var plan = PlanOf(await PreviewAsync("billing", ("kind", "Start")));
        foreach (var nonsense in new[] { plan, "", "{}", "null", "[" })
        {
            using var answer = await _console.PostAsync("/console/group/reset/apply?name=audit", ("plan", nonsense));
            answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest, nonsense);
        }

        (await CommittedAsync("audit")).ShouldBe([4, 6]);
    }

    [Fact]
    public async Task A_group_is_deleted_when_its_name_was_typed()
    {
        await CommitAsync("billing", 4, 6);
        using (var refused = await _console.PostAsync("/console/group/delete?name=billing", ("confirm", "Billing")))
            refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await RedirectOf("/console/group/delete?name=billing", ("confirm", "billing"))).ShouldBe("/console/groups");
        using var gone = await _console.Http.GetAsync("/console/group?name=billing", Ct);
        gone.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task The_positions_in_a_topic_are_forgotten()
    {
        await CommitAsync("billing", 4, 6);
        await RedirectOf("/console/group/delete-offsets?name=billing", ("topic", _topic));
        (await CommittedAsync("billing")).ShouldBe([-1001, -1001]);
    }

    [Fact]
    public async Task A_program_plans_resets_and_undoes()
    {
        await CommitAsync("billing", 4, 6);
        var groups = (await SendAsync(HttpMethod.Get, "/api/groups")).GetProperty("groups").EnumerateArray();
        groups.Select(group => group.GetProperty("name").GetString()).ShouldContain("billing");
        var plan = await SendAsync(HttpMethod.Post, "/api/group/reset/plan?name=billing", $$"""{"to": "start", "topics": ["{{_topic}}:0"]}""");
        await SendAsync(HttpMethod.Post, "/api/group/reset?name=billing", plan.GetRawText());
        (await CommittedAsync("billing")).ShouldBe([0, 6]);
        await SendAsync(HttpMethod.Post, "/api/group/undo?name=billing");
        (await CommittedAsync("billing")).ShouldBe([4, 6]);
        (await SendAsync(HttpMethod.Get, "/api/group?name=billing")).GetProperty("positions")[0].GetProperty("state").GetString().ShouldBe("Known");
    }

    [Fact]
    public async Task In_Korean_everything_is_Korean()
    {
        await CommitAsync("billing", 4, 6);
        (await _console.PageAsync("/console/groups", "ko")).ShouldContain("컨슈머 그룹");
        (await _console.PageAsync("/console/group?name=billing", "ko")).ShouldContain("중단됨");
        (await _console.PageAsync("/console/group/reset?name=billing", "ko")).ShouldContain("이동할 위치");
    }

    private async Task CommitAsync(string group, long first, long second) => await Kafka.Admin.AlterConsumerGroupOffsetsAsync(
        [new ConsumerGroupTopicPartitionOffsets(group, [new TopicPartitionOffset(_topic, 0, first), new TopicPartitionOffset(_topic, 1, second)])]);

    private async Task<long[]> CommittedAsync(string group)
    {
        var asked = new ConsumerGroupTopicPartitions(group, [new TopicPartition(_topic, 0), new TopicPartition(_topic, 1)]);
        return [.. (await Kafka.Admin.ListConsumerGroupOffsetsAsync([asked])).Single().Partitions.OrderBy(partition => partition.Partition.Value).Select(partition => partition.Offset.Value)];
    }

    private async Task<string> PreviewAsync(string group, params (string, string)[] target) =>
        await PageOf(await _console.PostAsync($"/console/group/reset/preview?name={Uri.EscapeDataString(group)}", Form(target)));

    private (string, string)[] Form(params (string, string)[] target) => [("known", _topic), ("topic", _topic), ("partitions", ""), .. target];

    private static string PlanOf(string preview) => WebUtility.HtmlDecode(PlanField().Match(preview).Groups[1].Value);

    private static async Task<string> PageOf(HttpResponseMessage answer)
    {
        var page = await answer.Content.ReadAsStringAsync(Ct);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, page);
        return page;
    }

    private async Task<string> RedirectOf(string path, params (string, string)[] fields)
    {
        using var answer = await _console.PostAsync(path, fields);
        answer.StatusCode.ShouldBe(HttpStatusCode.Found, await answer.Content.ReadAsStringAsync(Ct));
        return answer.Headers.Location!.ToString();
    }

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        using var answer = await _console.Http.SendAsync(request, Ct);
        var text = await answer.Content.ReadAsStringAsync(Ct);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    [GeneratedRegex(@"name=""plan"" value=""([^""]*)""")]
    private static partial Regex PlanField();
}
