using System.Net;
using System.Text.RegularExpressions;
using Garam.Operations.Messages;
using Garam.Operations.Topics;
using Microsoft.Extensions.DependencyInjection;

namespace Garam.Console.Tests.Topics;

/// <summary>Actions on several topics at once: one plan, one confirmation, an outcome for each topic.</summary>
public sealed partial class BulkTests(SharedConsole console) : IClassFixture<SharedConsole>
{
    private ConsoleServer Server => console.Server;

    private TopicOperations Topics => Server.Services.GetRequiredService<TopicOperations>();

    [Fact]
    public async Task Several_topics_are_deleted_after_one_confirmation()
    {
        await CreateAsync("bulk-a", "bulk-b");
        await Eventually.Is(true, async () => (await Server.PageAsync("/console/topics")).Contains("name=\"topic\" value=\"bulk-a\"", StringComparison.Ordinal));
        (string, string)[] chosen = [("action", "delete"), ("topic", "bulk-a"), ("topic", "bulk-b"), ("topic", "bulk-absent")];
        using var plan = await Server.PostAsync("/console/topics/selected/plan", chosen);
        var page = await plan.Content.ReadAsStringAsync();
        page.ShouldContain("data-expects=\"2 topics\"");
        page.ShouldContain("garam topic delete bulk-a bulk-b --yes");
        page.ShouldContain("left out");

        (string, string)[] confirmed = [.. chosen[..3]];
        (await Server.PostAsync("/console/topics/selected/apply", [.. confirmed, ("confirm", "1 topic")])).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await Topics.ListAsync(default)).ShouldContain(topic => topic.Name == "bulk-a");
        (await Server.PostAsync("/console/topics/selected/apply", [.. confirmed, ("confirm", "2 topics")])).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await Topics.ListAsync(default)).ShouldNotContain(topic => topic.Name == "bulk-a" || topic.Name == "bulk-b");
    }

    [Fact]
    public async Task Several_topics_are_cleared_of_what_the_preview_showed()
    {
        await CreateAsync("clear-a", "clear-b");
        var messages = Server.Services.GetRequiredService<MessageOperations>();
        foreach (var topic in (string[])["clear-a", "clear-b"])
            await messages.ProduceAsync(new NewRecord(topic, null, [1]));
        (string, string)[] chosen = [("action", "clear"), ("topic", "clear-a"), ("topic", "clear-b")];
        using var preview = await Server.PostAsync("/console/topics/selected/plan", chosen);
        var plan = WebUtility.HtmlDecode(Plan().Match(await preview.Content.ReadAsStringAsync()).Groups[1].Value);
        await messages.ProduceAsync(new NewRecord("clear-b", null, [2]));

        (await Server.PostAsync("/console/topics/selected/apply", [.. chosen, ("plan", plan), ("confirm", "2 topics")])).StatusCode.ShouldBe(HttpStatusCode.OK);
        var counts = await Topics.CountRecordsAsync(["clear-a", "clear-b"], default);
        (counts["clear-a"], counts["clear-b"]).ShouldBe((0, 1));
    }

    [Fact]
    public async Task A_setting_of_several_topics_is_changed_with_its_unit_and_one_that_fails_does_not_hold_up_the_others()
    {
        await CreateAsync("set-a", "set-b");
        (string, string)[] chosen = [("action", "config"), ("setting", "retention.ms=7d"), ("topic", "set-a"), ("topic", "set-b"), ("topic", "set-absent")];
        using var done = await Server.PostAsync("/console/topics/selected/apply", [.. chosen, ("confirm", "3 topics")]);
        done.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        (await done.Content.ReadAsStringAsync()).ShouldContain("2 of 3 done");
        (await Topics.DescribeAsync(["set-a", "set-b"], default)).ShouldAllBe(topic => topic.Configs["retention.ms"] == "604800000");
    }

    [Theory]
    [InlineData("delete", "")]
    [InlineData("config", "no-equals-sign")]
    [InlineData("frobnicate", "a=b")]
    public async Task What_makes_no_sense_is_refused(string action, string setting)
    {
        (string, string)[] form = action == "delete" ? [("action", action)] : [("action", action), ("setting", setting), ("topic", "x")];
        (await Server.PostAsync("/console/topics/selected/plan", form)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    private async Task CreateAsync(params string[] names) => await Topics.CreateAsync(names, 1, null, new Dictionary<string, string>(), dryRun: false, default);

    [GeneratedRegex("name=\"plan\" value=\"([^\"]*)\"")]
    private static partial Regex Plan();
}
