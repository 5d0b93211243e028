using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Garam.Operations.Topics;
using Microsoft.Extensions.DependencyInjection;

namespace Garam.Console.Tests.Topics;

public sealed class TopicPagesTests(SharedConsole console) : IClassFixture<SharedConsole>
{
    private ConsoleServer Server => console.Server;

    private TopicOperations Topics => Server.Services.GetRequiredService<TopicOperations>();

    [Fact]
    public async Task A_topic_is_created_by_the_form_with_its_settings_and_is_listed()
    {
        using var created = await Server.PostAsync("/console/topics", ("name", "created"), ("partitions", "4"), ("replication", ""), ("configs", "retention.ms=60000\r\ncleanup.policy=compact"));
        created.StatusCode.ShouldBe(HttpStatusCode.Found);
        created.Headers.Location!.OriginalString.ShouldBe("/console/topics/created");

        var topic = (await Topics.DescribeAsync(["created"], default))[0];
        topic.Partitions.Count.ShouldBe(4);
        topic.Configs["cleanup.policy"].ShouldBe("compact");
        (await Server.PageAsync("/console/topics?q=CREAT")).ShouldContain("href=\"/console/topics/created\"");
        (await Server.PageAsync("/console/topics?q=absent")).ShouldNotContain("href=\"/console/topics/created\"");
    }

    [Theory]
    [InlineData("exists", "", "", HttpStatusCode.Conflict)]
    [InlineData("no spaces", "", "", HttpStatusCode.BadRequest)]
    [InlineData("fine", "many", "", HttpStatusCode.BadRequest)]
    [InlineData("fine", "", "nonsense", HttpStatusCode.BadRequest)]
    public async Task What_cannot_be_created_is_told_with_the_status_that_says_why(string name, string partitions, string configs, HttpStatusCode expected)
    {
        await Topics.CreateAsync(["exists"], 1, null, new Dictionary<string, string>(), dryRun: false, default);
        using var refused = await Server.PostAsync("/console/topics", ("name", name), ("partitions", partitions), ("configs", configs));
        refused.StatusCode.ShouldBe(expected);
    }

    [Fact]
    public async Task Settings_are_changed_after_a_preview_and_go_back_to_their_default()
    {
        await CreateAsync("configured");
        using var preview = await Server.PostAsync("/console/topics/configured/config/preview", ("retention.ms", "7200000"), ("cleanup.policy", ""));
        var page = await preview.Content.ReadAsStringAsync();
        preview.StatusCode.ShouldBe(HttpStatusCode.OK);
        page.ShouldContain("2 h");
        page.ShouldContain("retention.ms=7200000");
        page.ShouldNotContain("name=\"cleanup.policy\"", customMessage: "an empty field of a setting that is not set changes nothing");
        (await SetAsync("configured")).ShouldNotContainKey("retention.ms", "a preview changes nothing");

        (await Server.PostAsync("/console/topics/configured/config", ("retention.ms", "7200000"))).StatusCode.ShouldBe(HttpStatusCode.Found);
        (await SetAsync("configured")).ShouldContainKeyAndValue("retention.ms", "7200000");
        (await Server.PostAsync("/console/topics/configured/config", ("retention.ms", ""))).StatusCode.ShouldBe(HttpStatusCode.Found);
        (await SetAsync("configured")).ShouldNotContainKey("retention.ms");
    }

    [Fact]
    public async Task A_setting_that_the_broker_refuses_is_seen_in_the_preview()
    {
        await CreateAsync("refused");
        using var preview = await Server.PostAsync("/console/topics/refused/config/preview", ("retention.ms", "soon"));
        preview.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await preview.Content.ReadAsStringAsync()).ShouldContain("disabled");
    }

    [Fact]
    public async Task A_topic_is_deleted_only_when_its_name_was_typed()
    {
        await CreateAsync("doomed");
        (await Server.PostAsync("/console/topics/doomed/delete", ("confirm", "dooomed"))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await Topics.ListAsync(default)).ShouldContain(topic => topic.Name == "doomed");
        (await Server.PostAsync("/console/topics/doomed/delete", ("confirm", "doomed"))).StatusCode.ShouldBe(HttpStatusCode.Found);
        (await Topics.ListAsync(default)).ShouldNotContain(topic => topic.Name == "doomed");
    }

    [Fact]
    public async Task A_topic_is_cleared_of_what_the_preview_showed_and_of_nothing_that_came_later()
    {
        await CreateAsync("cleared");
        for (var record = 0; record < 3; record++)
            await Server.Http.PostAsJsonAsync("/api/topics/cleared/messages", new { value = $"{record}" });
        var preview = await Server.PageAsync("/console/topics/cleared/clear");
        preview.ShouldContain("name=\"before0\" value=\"3\"");
        await Server.Http.PostAsJsonAsync("/api/topics/cleared/messages", new { value = "late" });

        (await Server.PostAsync("/console/topics/cleared/clear", ("confirm", "cleared"), ("before0", "3"))).StatusCode.ShouldBe(HttpStatusCode.Found);
        var partition = (await Topics.DescribeAsync(["cleared"], default))[0].Partitions[0];
        (partition.StartOffset, partition.EndOffset).ShouldBe((3, 4));
    }

    [Fact]
    public async Task An_internal_topic_is_shown_and_cannot_be_changed()
    {
        const string address = "/console/topics/__consumer_offsets";
        using var made = await Server.PostAsync("/console/topics", ("name", "beside-internal"), ("partitions", "1"));
        await Server.Services.GetRequiredService<Garam.Operations.Connections.KafkaConnection>().Admin.AlterConsumerGroupOffsetsAsync(
            [new("beside", [new("beside-internal", 0, 0)])]);
        (await Server.PageAsync($"{address}/config")).ShouldNotContain("delete-topic");
        (await Server.PageAsync(address)).ShouldNotContain("/produce");
        (await Server.PostAsync($"{address}/delete", ("confirm", "__consumer_offsets"))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await Server.PostAsync($"{address}/clear", ("confirm", "__consumer_offsets"), ("before0", "1"))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await Server.PostAsync($"{address}/produce", ("key", "k"), ("keyForm", "text"), ("value", "v"), ("valueForm", "text"))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await Server.Http.PostAsJsonAsync("/api/topics/__consumer_offsets/messages", new { value = "x" })).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Partitions_are_added()
    {
        await CreateAsync("grown");
        (await Server.PostAsync("/console/topics/grown/partitions", ("total", "3"))).StatusCode.ShouldBe(HttpStatusCode.Found);
        (await Topics.DescribeAsync(["grown"], default))[0].Partitions.Count.ShouldBe(3);
        (await Server.PostAsync("/console/topics/grown/partitions", ("total", "2"))).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task The_api_does_what_the_forms_do()
    {
        (await Server.Http.PostAsJsonAsync("/api/topics?dryRun=true", new { name = "programmed", partitions = 2 })).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await Topics.ListAsync(default)).ShouldNotContain(topic => topic.Name == "programmed");
        (await Server.Http.PostAsJsonAsync("/api/topics", new { name = "programmed", partitions = 2 })).StatusCode.ShouldBe(HttpStatusCode.Created);
        (await Server.Http.GetFromJsonAsync<JsonElement>("/api/topics/programmed")).GetProperty("partitions").GetArrayLength().ShouldBe(2);
        (await Server.Http.PatchAsJsonAsync("/api/topics/programmed/config", new Dictionary<string, string?> { ["retention.ms"] = "60000" })).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await SetAsync("programmed")).ShouldContainKey("retention.ms");
        (await Server.Http.DeleteAsync("/api/topics/programmed")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await Server.Http.GetAsync("/api/topics/programmed")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("/console/topics/%3Cscript%3Ealert(1)%3C%2Fscript%3E")]
    [InlineData("/console/topics/..%2F..%2Fetc/messages")]
    [InlineData("/console/topics/%00%1b%5B31m/config")]
    public async Task A_name_that_no_topic_can_have_is_not_there_and_is_never_markup(string path)
    {
        using var answer = await Server.Http.GetAsync(path);
        ((int)answer.StatusCode).ShouldBeInRange(400, 404);
        (await answer.Content.ReadAsStringAsync()).ShouldNotContain("<script>alert");
    }

    [Theory]
    [InlineData("/console/topics/pages")]
    [InlineData("/console/topics/pages/config")]
    [InlineData("/console/topics/pages/config?edit=true")]
    [InlineData("/console/topics/pages/clear")]
    [InlineData("/console/topics/pages/messages")]
    [InlineData("/console/topics/pages/messages?from=live")]
    [InlineData("/console/topics/pages/produce")]
    public async Task Every_page_of_a_topic_speaks_both_languages_and_shows_the_command_that_does_the_same(string path)
    {
        await CreateAsync("pages");
        var (english, korean) = (await Server.PageAsync(path), await Server.PageAsync(path, "ko"));
        english.ShouldContain("lang=\"en\"");
        korean.ShouldContain("lang=\"ko\"");
        korean.ShouldContain("토픽");
        english.ShouldContain("<code>garam ");
    }

    private async Task CreateAsync(string name) => await Topics.CreateAsync([name], 1, null, new Dictionary<string, string>(), dryRun: false, default);

    private async Task<Dictionary<string, string>> SetAsync(string topic) => (await Topics.DescribeAsync([topic], default))[0].Configs.ToDictionary();
}
