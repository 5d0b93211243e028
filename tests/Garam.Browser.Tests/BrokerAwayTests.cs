using System.Diagnostics;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Garam.Browser.Tests;

/// <summary>The broker goes and comes back: an open page keeps what it knew, says how old that is, and goes on by itself.</summary>
public sealed class BrokerAwayTests(Chromium chromium) : IDisposable
{
    private readonly string _data = Repository.NewFolder("away");
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task An_open_page_outlives_its_broker()
    {
        chromium.Require();
        var broker = await GaramProcess.BrokerAsync("127.0.0.1:0", _data, _ct);
        var address = broker.Kafka;
        try
        {
            await Repository.RunAsync(Repository.Launcher, ["topic", "create", "river", "-b", address], "", _ct);
            await using var console = await GaramProcess.ConsoleAsync(address, _ct);
            await using var window = await chromium.OpenAsync(console.Http);
            await window.GoAsync("/console");
            await Expect(window.Page.Locator("#health")).ToContainTextAsync("1 topic");

            await broker.KillAsync(_ct);
            var started = Stopwatch.GetTimestamp();
            await Expect(window.Page.Locator("#health")).ToContainTextAsync("Kafka does not answer: what you see is", new() { Timeout = 60_000 });
            await Expect(window.Page.Locator("main")).ToContainTextAsync("river");
            TestContext.Current.TestOutputHelper!.WriteLine($"told after {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s that the broker is away");
            await window.KeepAsync("broker-away", default);
            await window.ShouldBeSoundAsync();

            broker = await GaramProcess.BrokerAsync(address, _data, _ct);
            started = Stopwatch.GetTimestamp();
            await Expect(window.Page.Locator("#health")).Not.ToContainTextAsync("Kafka does not answer", new() { Timeout = 60_000 });
            TestContext.Current.TestOutputHelper!.WriteLine($"well again {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s after its return, without a reload");
            await Expect(window.Page.Locator("#health")).ToContainTextAsync("1 topic");
        }
        finally
        {
            await broker.DisposeAsync();
        }
    }
}
