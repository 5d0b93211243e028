using System.Diagnostics;
using System.Globalization;
using Garam.Messaging.Producing;
using Garam.Outbox.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Garam.Outbox.Tests;

/// <summary>Kill -9 at each step of a message's life, again and again on the same files; then the books must balance.</summary>
public sealed class CrashTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Nothing_is_lost_nothing_is_made_up_and_each_keys_order_is_kept_wherever_the_process_is_killed()
    {
        var answered = new Dictionary<string, long>();
        foreach (var step in Enum.GetValues<CrashStep>())
        {
            foreach (var countdown in (int[])[1, 40, 700])
                await RunUntilKilledAsync(step, countdown, answered);
        }

        await DrainAsync();
        var events = await File.ReadAllLinesAsync(_directory.File("events.log"));
        var things = Things();
        TestContext.Current.TestOutputHelper?.WriteLine($"15 kills, {things.Values.Sum()} versions of {things.Count} things, {events.Length} events");

        foreach (var (key, version) in answered)
            things[key].ShouldBeGreaterThanOrEqualTo(version, "what was answered is in the table");
        foreach (var (key, version) in things)
        {
            var seen = events.Where(line => line.StartsWith(key + " ", StringComparison.Ordinal)).Select(VersionOf).ToList();
            seen.Distinct().Order().ShouldBe(Enumerable.Range(1, (int)version).Select(v => (long)v), $"{key}: each version has its event, and no other");
            ShouldOnlyRepeat(seen);
        }
    }

    /// <summary>A repeated stretch is allowed, a version before its predecessor is not.</summary>
    private static void ShouldOnlyRepeat(List<long> versions)
    {
        var newest = 0L;
        foreach (var version in versions)
        {
            version.ShouldBeLessThanOrEqualTo(newest + 1);
            newest = Math.Max(newest, version);
        }
    }

    private async Task RunUntilKilledAsync(CrashStep step, int countdown, Dictionary<string, long> answered)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(typeof(CrashTests).Assembly.Location);
        foreach (var argument in (string[])[CrashingProcess.Verb, _directory.File(""), $"{step}", $"{countdown}"])
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Split(' ') is [var key, var version] && long.TryParse(version, CultureInfo.InvariantCulture, out var number))
                answered[key] = number;
        }

        await process.WaitForExitAsync();
        process.ExitCode.ShouldBe(137, $"killed at {step}");
    }

    private async Task DrainAsync()
    {
        await using var store = SqliteStore.Open(_directory.File("crash.db"), CrashingProcess.Schema);
        await using var log = new StreamWriter(_directory.File("events.log"), append: true);
        var producer = new ScriptedProducer { AnswerAtOnce = record => { Write(log, record); return null; } };
        using var relay = new OutboxRelay(new SqliteOutbox(store, TimeProvider.System), producer, new OutboxHealth(), TimeProvider.System, NullLogger<OutboxRelay>.Instance);
        await relay.StartAsync(CancellationToken.None);
        await Eventually.IsTrueAsync(() => store.Read(c => c.Number("SELECT COUNT(*) FROM outbox")) == 0, "the outbox is empty");
        await relay.StopAsync(CancellationToken.None);
    }

    private static void Write(StreamWriter log, ProducerRecord record)
    {
        lock (log)
            log.WriteLine(System.Text.Encoding.UTF8.GetString(record.Value!.Value.Span));
    }

    private Dictionary<string, long> Things()
    {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={_directory.File("crash.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT key, version FROM thing";
        using var reader = command.ExecuteReader();
        var things = new Dictionary<string, long>();
        while (reader.Read())
            things.Add(reader.GetString(0), reader.GetInt64(1));
        return things;
    }

    private static long VersionOf(string line) => long.Parse(line.AsSpan(line.IndexOf(' ') + 1), CultureInfo.InvariantCulture);
}
