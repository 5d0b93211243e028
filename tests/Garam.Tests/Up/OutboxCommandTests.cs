using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Garam.Tests.Cli;

namespace Garam.Tests.Up;

/// <summary>A message that the broker refuses for good, from the first look at it to its end, by the command line.</summary>
public sealed partial class OutboxCommandTests : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("garam-tests-");
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;
    private Process? _garam;

    public void Dispose()
    {
        if (_garam is { HasExited: false })
            _garam.Kill();
        _garam?.WaitForExit();
        _garam?.Dispose();
        _data.Delete(recursive: true);
    }

    [Fact]
    public async Task A_message_that_is_too_large_for_its_topic_is_listed_retried_dead_lettered_and_removed()
    {
        var (server, kafka) = await UpAsync();
        await SetLimitAsync(kafka, "1000");
        await PostAsync(server);
        await PostAsync(server);
        await PostAsync(server);
        await UntilListedAsync(server, 3);

        var list = (await GaramCli.RunAsync("outbox", "list", "--server", server, "-o", "ndjson")).ShouldExitWith(0);
        list.Out.ShouldContain("post.original");
        list.Out.ShouldContain("MsgSizeTooLarge");
        (await GaramCli.RunAsync("outbox", "remove", "--server", server)).ShouldExitWith(2);
        (await GaramCli.RunAsync("outbox", "retry", "999", "--yes", "--server", server)).ShouldExitWith(3).Error.ShouldContain("no undeliverable message 999");

        foreach (var verb in new[] { "retry", "remove", "dead-letter" })
            (await GaramCli.RunAsync("outbox", verb, "999", "--dry-run", "--server", server)).ShouldExitWith(3).Error.ShouldNotContain("would be");

        var ids = IdPattern().Matches(list.Out).Select(match => match.Groups[1].Value).ToList();
        (await GaramCli.RunAsync("outbox", "remove", ids[0], "--dry-run", "--server", server)).ShouldExitWith(0).Error.ShouldContain("would be removed");
        (await GaramCli.RunAsync("outbox", "remove", ids[0], "999", "--dry-run", "--server", server)).ShouldExitWith(7).Error.ShouldContain("no message 999");
        (await GaramCli.RunAsync("outbox", "remove", ids[0], "--yes", "--server", server)).ShouldExitWith(0);
        (await GaramCli.RunAsync("outbox", "dead-letter", ids[1], "--yes", "--server", server)).ShouldExitWith(0);
        (await GaramCli.RunAsync("dlq", "-b", kafka)).ShouldExitWith(0).Out.ShouldContain("post.original.outbox.dlt");

        await SetLimitAsync(kafka, "1000000");
        (await GaramCli.RunAsync("outbox", "retry", "--all", "--yes", "--server", server)).ShouldExitWith(0);
        await UntilListedAsync(server, 0);
    }

    private async Task<(string Server, string Kafka)> UpAsync()
    {
        _garam = GaramCli.Start("up", "--http", "127.0.0.1:0", "--kafka", "127.0.0.1:0", "--data", _data.FullName);
        var ready = await _garam.StandardOutput.ReadLineAsync(_ct) ?? throw new InvalidOperationException(await _garam.StandardError.ReadToEndAsync(_ct));
        return (HttpAddress().Match(ready).Value, KafkaAddress().Match(ready).Groups[1].Value);
    }

    private static async Task SetLimitAsync(string kafka, string bytes) =>
        (await GaramCli.RunAsync("topic", "config", "post.original", "--set", $"max.message.bytes={bytes}", "--yes", "-b", kafka)).ShouldExitWith(0);

    // Letters without a pattern: the producer may compress.
    private async Task PostAsync(string server)
    {
        var content = Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(3_000));
        using var http = new HttpClient { BaseAddress = new Uri(server) };
        using var answer = await http.PostAsJsonAsync("/posts", new { title = "t", content, userId = 1, categoryId = 1 }, _ct);
        answer.EnsureSuccessStatusCode();
    }

    private async Task UntilListedAsync(string server, int count)
    {
        using var http = new HttpClient { BaseAddress = new Uri(server) };
        var waited = Stopwatch.StartNew();
        while (IdPattern().Count(await http.GetStringAsync("/api/outboxes/content/messages", _ct)) != count)
        {
            waited.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(60), $"{count} messages are undeliverable");
            await Task.Yield();
        }
    }

    [GeneratedRegex("http://[0-9.:]+")]
    private static partial Regex HttpAddress();

    [GeneratedRegex("kafka ([0-9.:]+)")]
    private static partial Regex KafkaAddress();

    [GeneratedRegex("\"id\":([0-9]+)")]
    private static partial Regex IdPattern();
}
