using System.Text.Json;
using Microsoft.Playwright;

namespace Garam.Browser.Tests;

/// <summary>A page in the browser, which remembers what went wrong in it.</summary>
public sealed class Window : IAsyncDisposable
{
    private readonly List<string> _errors = [];
    private readonly string _axe;

    public Window(IPage page, string axe)
    {
        (Page, _axe) = (page, axe);
        // On a machine that is busy with other things a page takes its time.
        page.SetDefaultTimeout(90_000);
        Assertions.SetDefaultExpectTimeout(90_000);
        page.PageError += (_, error) => _errors.Add($"{page.Url}: {error}");
        page.Console += (_, message) =>
        {
            if (message.Type is "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
                _errors.Add($"{page.Url}: {message.Text}");
        };

        // What strangers wrote would open one if it were ever run.
        page.Dialog += (_, dialog) =>
        {
            _errors.Add($"{page.Url}: a dialog opened: {dialog.Message}");
            _ = dialog.DismissAsync();
        };
    }

    public IPage Page { get; }

    /// <summary>Goes to a page that must be there.</summary>
    public async Task GoAsync(string path)
    {
        var answer = await Page.GotoAsync(path, new() { WaitUntil = WaitUntilState.Load });
        answer!.Status.ShouldBe(200, $"{path}: {await Page.Locator("main").InnerTextAsync()}");
    }

    /// <summary>What a page owes to everybody: no errors in it, nothing that axe-core objects to, no scrolling to the side.</summary>
    public async Task ShouldBeSoundAsync()
    {
        var sideways = await Page.EvaluateAsync<int>("document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth");
        sideways.ShouldBe(0, $"{Page.Url} is wider than its window by so many pixels, by: {await WidestAsync()}");
        if (Page.ViewportSize!.Width < 720)
            (await CutOffAsync()).ShouldBeEmpty($"{Page.Url} has tables of which a part lies beyond the edge of a narrow screen");
        (await ViolationsAsync()).ShouldBeEmpty(Page.Url);
        _errors.ShouldBeEmpty();
    }

    /// <summary>Keeps a picture of the whole page under artifacts/screenshots.</summary>
    public async Task KeepAsync(string name, Look look)
    {
        var folder = Path.Combine(Repository.Root, "artifacts/screenshots");
        Directory.CreateDirectory(folder);
        await Page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{look}.png"), FullPage = true });
    }

    public ValueTask DisposeAsync() => new(Page.Context.CloseAsync());

    private async Task<List<string>> ViolationsAsync()
    {
        // Through the debugger and not as a script of the page: its policy forbids what is not its own.
        await Page.EvaluateAsync(_axe);
        var result = await Page.EvaluateAsync<JsonElement>("axe.run(document, { resultTypes: ['violations'] })");
        return [.. result.GetProperty("violations").EnumerateArray().SelectMany(violation => violation.GetProperty("nodes").EnumerateArray()
            .Take(3).Select(node => $"{violation.GetProperty("id")}: {node.GetProperty("html")} {node.GetProperty("failureSummary")}"))];
    }

    private Task<string[]> CutOffAsync() => Page.EvaluateAsync<string[]>(
        """
        [...document.querySelectorAll('main .scroll')].filter(one => one.scrollWidth > one.clientWidth + 1).map(one => `${one.ariaLabel}: ${one.scrollWidth} of ${one.clientWidth}`)
        """);

    private Task<string> WidestAsync() => Page.EvaluateAsync<string>(
        """
        [...document.querySelectorAll('main *, header *, nav *')]
            .filter(one => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1 && !one.closest('.scroll, .cli, pre, .tabs'))
            .slice(0, 4).map(one => one.outerHTML.slice(0, 160)).join('\n')
        """);
}
