using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Garam.Browser.Tests;

/// <summary>Records in the browser: an opened one is part of the address, and times are the reader's.</summary>
public sealed class RecordTests(Chromium chromium, Town town) : IClassFixture<Town>
{
    private const string Messages = $"/console/topics/{Town.HostileTopic}/messages?from=oldest";

    [Fact]
    public async Task An_opened_record_is_part_of_the_address_and_Back_closes_it()
    {
        await using var window = await chromium.OpenAsync(town.Http);
        var page = window.Page;
        await window.GoAsync(Messages);
        await page.Locator("tr.record a.open").Nth(0).ClickAsync();
        await Expect(page.Locator("tr.opened .opened-record")).ToHaveCountAsync(1);
        await page.Locator("tr.record a.open").Nth(1).ClickAsync();
        await Expect(page.Locator("tr.opened .opened-record")).ToHaveCountAsync(2);
        new Uri(page.Url).Query.ShouldBe("?from=oldest&open=0%2F0&open=0%2F1");

        await page.GoBackAsync();
        await Expect(page.Locator("tr.opened")).ToHaveCountAsync(1);
        await page.GoBackAsync();
        await Expect(page.Locator("tr.opened")).ToHaveCountAsync(0);
        await page.GoForwardAsync();
        await Expect(page.Locator("tr.opened .opened-record")).ToHaveCountAsync(1);

        await using var other = await chromium.OpenAsync(town.Http);
        await other.GoAsync($"{Messages}&open=0%2F1");
        await Expect(other.Page.Locator("tr.record:has(a[aria-expanded=true]) + tr.opened .opened-record")).ToHaveCountAsync(1);
        await other.ShouldBeSoundAsync();
    }

    [Fact]
    public async Task Times_are_those_of_the_reader_and_UTC_is_one_click_away()
    {
        await using var window = await chromium.OpenAsync(town.Http, new Look(IsKorean: true));
        var page = window.Page;
        await window.GoAsync(Messages);
        var time = page.Locator("tr.record time").First;
        var utc = DateTimeOffset.Parse((await time.GetAttributeAsync("datetime"))!, System.Globalization.CultureInfo.InvariantCulture);
        await Expect(time).ToHaveTextAsync($"{utc.AddHours(9):yyyy-MM-dd HH:mm:ss.fff}");
        await page.GetByRole(AriaRole.Button, new() { Name = "UTC" }).ClickAsync();
        await Expect(time).ToHaveTextAsync($"{utc:yyyy-MM-dd HH:mm:ss.fff}");
        await window.GoAsync(Messages);
        await Expect(time).ToHaveTextAsync($"{utc:yyyy-MM-dd HH:mm:ss.fff}");
        await page.GetByRole(AriaRole.Button, new() { Name = "현지 시각" }).ClickAsync();
        await Expect(time).ToHaveTextAsync($"{utc.AddHours(9):yyyy-MM-dd HH:mm:ss.fff}");
    }

    [Fact]
    public async Task A_time_that_is_typed_is_the_readers_and_is_sent_as_UTC()
    {
        await using var window = await chromium.OpenAsync(town.Http, new Look(IsKorean: true));
        var page = window.Page;
        await window.GoAsync(Messages);
        await page.Locator("select[name=from]").SelectOptionAsync("time");
        await page.Locator("input[name=since]").FillAsync("2026-02-14T18:00:00.123");
        await page.Locator(".browse button.primary").ClickAsync();
        await page.WaitForURLAsync("**since=2026-02-14T09%3A00%3A00.123Z*");
        await Expect(page.Locator("input[name=since]")).ToHaveValueAsync("2026-02-14T18:00:00.123");
        await page.Locator(".time-field").First.GetByRole(AriaRole.Button, new() { Name = "5분 전" }).ClickAsync();
        await Expect(page.Locator("input[name=since]")).Not.ToHaveValueAsync("2026-02-14T18:00:00.123");

        await page.Locator("select[name=from]").SelectOptionAsync("-5m");
        await page.Locator(".browse button.primary").ClickAsync();
        await page.WaitForURLAsync("**from=-5m*");
        await page.Locator("select[name=from]").SelectOptionAsync("today");
        await page.Locator(".browse button.primary").ClickAsync();
        await page.WaitForURLAsync("**since=*T15%3A00%3A00.000Z*");
    }
}
