using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Garam.Browser.Tests;

/// <summary>What the pages are there for, done as a person does it; figures are compared with what kcat and <c>garam -o json</c> say.</summary>
public sealed partial class JobTests(Chromium chromium, Town town) : IClassFixture<Town>
{
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_post_appears_by_itself_and_is_followed_to_its_record()
    {
        await using var window = await chromium.OpenAsync(town.Http);
        await window.GoAsync("/console/lives/posts");
        var id = await town.WriteAsync("방금 쓴 글", "목록에 저절로 나타나야 한다.", 9, _ct);
        await window.Page.GetByRole(AriaRole.Link, new() { Name = "방금 쓴 글" }).ClickAsync();

        await Expect(window.Page.Locator(".step.ok")).ToHaveCountAsync(6);
        var record = window.Page.Locator(".step").Nth(1).Locator("a.mono");
        var place = RecordPlace().Match(await record.InnerTextAsync()).Groups;
        (await town.KcatAsync("-C", "-t", place[1].Value, "-p", place[2].Value, "-o", place[3].Value, "-c", "1", "-q", "-f", "%k"))
            .ShouldBe(id.ToString(CultureInfo.InvariantCulture));
        await window.ShouldBeSoundAsync();
    }

    [Fact]
    public async Task The_keyboard_alone_finds_a_post_and_opens_its_life()
    {
        await using var window = await chromium.OpenAsync(town.Http, new Look(IsKorean: true));
        var page = window.Page;
        await window.GoAsync("/console");
        await page.Keyboard.PressAsync("Tab");
        await Expect(page.Locator(".skip")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("p");
        await page.WaitForURLAsync("**/console/lives/posts");
        await page.Keyboard.PressAsync("/");
        await page.Keyboard.InsertTextAsync("올레");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/lives/posts?q=*");
        await page.Keyboard.PressAsync("j");
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "제주 올레 7코스 걷기" })).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("제주 올레 7코스 걷기");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "피드 배포" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Shortcuts_work_under_the_Hangul_layout()
    {
        await using var window = await chromium.OpenAsync(town.Http, new Look(IsKorean: true));
        var page = window.Page;
        await window.GoAsync("/console");
        await PressAsync("ㅎ", "KeyG", isComposing: true);
        await PressAsync("ㅅ", "KeyT");
        page.Url.ShouldEndWith("/console", Case.Sensitive, "a key of a syllable that is being composed is no shortcut");
        await PressAsync("ㅎ", "KeyG");
        await PressAsync("ㅅ", "KeyT");
        await page.WaitForURLAsync("**/console/topics");

        Task PressAsync(string key, string code, bool isComposing = false) => page.EvaluateAsync(
            "press => document.body.dispatchEvent(new KeyboardEvent('keydown', { ...press, bubbles: true }))", new { key, code, isComposing });
    }

    [Fact]
    public async Task The_language_that_was_chosen_stays()
    {
        await using var window = await chromium.OpenAsync(town.Http);
        await window.GoAsync("/console/groups");
        await window.Page.GetByRole(AriaRole.Button, new() { Name = "한국어" }).ClickAsync();
        await Expect(window.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("컨슈머 그룹");
        await window.GoAsync("/console/dead-letters");
        await Expect(window.Page.Locator("html")).ToHaveAttributeAsync("lang", "ko");
    }

    [Fact]
    public async Task A_stuck_group_is_reset_with_a_preview_and_put_back()
    {
        await using var window = await chromium.OpenAsync(town.Http);
        var page = window.Page;
        var end = await EndAsync("post.original", 0);
        await window.GoAsync("/console/groups");
        await page.Locator("main").GetByRole(AriaRole.Link, new() { Name = Town.StuckGroup }).First.ClickAsync();
        await page.WaitForURLAsync("**/console/group?**");
        (await CellsAsync(page)).ShouldContain($"{end}", "the lag of a group that stands at 0 is the end of the log");

        await page.GetByRole(AriaRole.Link, new() { Name = "Reset offsets" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Radio).Nth(1).CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Preview" }).ClickAsync();
        await Expect(page.GetByText("Nothing has changed yet.")).ToBeVisibleAsync();
        (await CommittedAsync(Town.StuckGroup)).ShouldBe(0, "a preview changes nothing");
        await window.ShouldBeSoundAsync();
        await window.KeepAsync("group-reset-preview", default);

        await page.GetByRole(AriaRole.Button, new() { Name = "Apply" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Offsets are reset" })).ToBeVisibleAsync();
        (await CommittedAsync(Town.StuckGroup)).ShouldBe(end);
        await window.ShouldBeSoundAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "Undo the last reset" }).ClickAsync();
        await window.KeepAsync("group-reset-undo", default);
        await page.Locator("dialog[open]").GetByRole(AriaRole.Button, new() { Name = "Undo", Exact = true }).ClickAsync();
        await Eventually.IsAsync(() => CommittedAsync(Town.StuckGroup), committed => committed == 0, "the group is where it was", _ct);
    }

    [Fact]
    public async Task A_dead_letter_is_read_corrected_and_sent_back()
    {
        await using var window = await chromium.OpenAsync(town.Http);
        var page = window.Page;
        await window.GoAsync("/console/dead-letters");
        await page.Locator("main").GetByRole(AriaRole.Link, new() { Name = Town.DeadLetters }).First.ClickAsync();
        await page.Locator("main").GetByRole(AriaRole.Link, new() { Name = "0:0", Exact = true }).First.ClickAsync();
        await Expect(page.Locator("main")).ToContainTextAsync("UndecodableRecordException");
        await window.ShouldBeSoundAsync();
        await window.KeepAsync("letter", default);

        var before = await EndAsync("post.original", 0);
        await page.Locator("textarea[name=value]").FillAsync("{\"id\": 99, \"version\": 1, \"payload\": null, \"operationType\": \"DELETE\"}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Preview the re-drive" }).ClickAsync();
        await Expect(page.Locator("main")).ToContainTextAsync("DELETE");
        (await EndAsync("post.original", 0)).ShouldBe(before, "a preview sends nothing");
        await window.ShouldBeSoundAsync();
        await window.KeepAsync("letter-plan", default);
        await page.Locator("main .button.primary").Last.ClickAsync();
        await Expect(page.Locator("main")).ToContainTextAsync("Back to the letters");
        (await EndAsync("post.original", 0)).ShouldBe(before + 1);
        (await town.KcatAsync("-C", "-t", "post.original", "-p", "0", "-o", $"{before}", "-c", "1", "-q", "-f", "%s")).ShouldContain("DELETE");
    }

    [Fact]
    public async Task A_record_that_is_written_by_the_form_appears_where_somebody_watches_and_is_found_by_a_query()
    {
        await using var watching = await chromium.OpenAsync(town.Http);
        await watching.GoAsync($"/console/topics/{Town.LongTopic}/messages?from=live");
        await Expect(watching.Page.Locator("[data-status]")).ToHaveTextAsync("Live: waiting for the next record");

        await using var window = await chromium.OpenAsync(town.Http, new Look(IsKorean: true));
        var page = window.Page;
        await window.GoAsync($"/console/topics/{Town.LongTopic}/produce");
        await page.Locator("#key").FillAsync("열쇠");
        await page.Locator("#value").FillAsync("{\"주문\": 7, \"금액\": 12345678901234567890}");
        await page.Locator("[name=header0]").FillAsync("출처");
        await page.Locator("[name=headerValue0]").FillAsync("콘솔");
        await window.ShouldBeSoundAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "쓰기", Exact = true }).ClickAsync();
        (await town.KcatAsync("-C", "-t", Town.LongTopic, "-o", "beginning", "-e", "-q", "-f", "%k|%s|%h"))
            .ShouldBe("열쇠|{\"주문\": 7, \"금액\": 12345678901234567890}|출처=콘솔");

        await Expect(watching.Page.Locator("tr.record")).ToHaveCountAsync(1);
        await Expect(watching.Page.Locator("tr.record")).ToContainTextAsync("12345678901234567890");
        await watching.ShouldBeSoundAsync();
        await watching.KeepAsync("live", default);

        await window.GoAsync($"/console/topics/{Town.LongTopic}/messages");
        await page.Locator("[name=q]").FillAsync("value.금액>12345678901234567889");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**567889*");
        await Expect(page.Locator("tr.record")).ToHaveCountAsync(1);
        await page.Locator("[name=q]").FillAsync("value.금액>12345678901234567890");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**567890*");
        await Expect(page.Locator("tr.record")).ToHaveCountAsync(0);
    }

    private static async Task<IReadOnlyList<string>> CellsAsync(IPage page) => await page.Locator("main td.number").AllInnerTextsAsync();

    private async Task<long> EndAsync(string topic, int partition) =>
        long.Parse((await town.KcatAsync("-Q", "-t", $"{topic}:{partition}:-1")).Trim().Split(' ')[^1], CultureInfo.InvariantCulture);

    private async Task<long> CommittedAsync(string group)
    {
        var text = await Repository.RunAsync(Repository.Launcher, ["group", "describe", group, "-b", town.Kafka, "-o", "json"], "", _ct);
        return long.Parse(Committed().Match(text).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"^(.+)/(\d+)/(\d+)$")]
    private static partial Regex RecordPlace();

    [GeneratedRegex("\"committed\": ?(\\d+)")]
    private static partial Regex Committed();
}
