using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Garam.Browser.Tests.Chromium))]

namespace Garam.Browser.Tests;

/// <summary>Debian's Chromium, steered by Playwright; one of it for all tests. Where a part of it is missing, it says which and how to get it.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string Modules = Path.Combine(Repository.Root, "tests/Garam.Browser.Tests/npm/node_modules");

    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private string? _driver;
    private string _absent = "";

    public async ValueTask InitializeAsync()
    {
        if (Find("chromium") is not { } chromium)
        {
            _absent = "chromium is not installed: apt-get install chromium fonts-noto-cjk";
        }
        else if (FindDriver() is { } driver)
        {
            Environment.SetEnvironmentVariable("PLAYWRIGHT_DRIVER_SEARCH_PATH", driver);
            _playwright = await Playwright.CreateAsync();
            _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = chromium, Args = ["--no-sandbox", "--disable-gpu"] });
        }
        else
        {
            _absent = "the browser's driver and axe-core are not here: npm ci --prefix tests/Garam.Browser.Tests/npm (needs nodejs and npm)";
        }
    }

    /// <summary>A window of its own: nothing is shared with another. Skips the test where there is no browser.</summary>
    /// <param name="origin">What relative addresses are relative to.</param>
    /// <param name="look">Size, theme, language.</param>
    public async Task<Window> OpenAsync(Uri origin, Look look = default)
    {
        Assert.SkipUnless(_browser is not null, _absent);
        var context = await _browser.NewContextAsync(new()
        {
            BaseURL = origin.ToString(),
            ViewportSize = new() { Width = look.IsNarrow ? 390 : 1440, Height = look.IsNarrow ? 844 : 900 },
            ColorScheme = look.IsDark ? ColorScheme.Dark : ColorScheme.Light,
            Locale = look.IsKorean ? "ko-KR" : "en-US",
            TimezoneId = look.IsKorean ? "Asia/Seoul" : "Etc/UTC",
            ReducedMotion = ReducedMotion.Reduce,
        });
        return new Window(await context.NewPageAsync(), File.ReadAllText(Path.Combine(Modules, "axe-core/axe.min.js")));
    }

    public bool IsThere => _browser is not null;

    /// <summary>Skips the test where there is no browser, before it makes anything.</summary>
    public void Require() => Assert.SkipUnless(_browser is not null, _absent);

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        if (_driver is not null)
            Directory.Delete(_driver, recursive: true);
    }

    /// <summary>The folder that the library looks for its driver in, where its package came with none: the same driver as npm has it.</summary>
    private string? FindDriver()
    {
        var package = Path.Combine(Modules, "playwright-core");
        if (Find("node") is not { } node || !Directory.Exists(package) || !Directory.Exists(Path.Combine(Modules, "axe-core")))
            return null;
        _driver = Repository.NewFolder("driver");
        var platform = System.Runtime.InteropServices.RuntimeInformation.OSArchitecture is System.Runtime.InteropServices.Architecture.Arm64 ? "linux-arm64" : "linux-x64";
        Directory.CreateDirectory(Path.Combine(_driver, ".playwright/node", platform));
        File.CreateSymbolicLink(Path.Combine(_driver, ".playwright/node", platform, "node"), node);
        Directory.CreateSymbolicLink(Path.Combine(_driver, ".playwright/package"), package);
        return _driver;
    }

    private static string? Find(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, tool)).FirstOrDefault(File.Exists);
}

/// <summary>How somebody looks at a page. Default: a wide window, light, English.</summary>
public readonly record struct Look(bool IsNarrow = false, bool IsDark = false, bool IsKorean = false)
{
    public static IEnumerable<Look> All => [new(), new(IsNarrow: true), new(IsDark: true, IsKorean: true), new(IsNarrow: true, IsDark: true, IsKorean: true)];

    public override string ToString() => $"{(IsNarrow ? 390 : 1440)}-{(IsDark ? "dark" : "light")}-{(IsKorean ? "ko" : "en")}";
}
