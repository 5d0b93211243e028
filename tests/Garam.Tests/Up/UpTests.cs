using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Garam.Tests.Cli;

namespace Garam.Tests.Up;

public sealed partial class UpTests : IDisposable
{
    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("garam-tests-");
    private readonly List<Process> _started = [];
    private readonly CancellationToken _ct = TestContext.Current.CancellationToken;

    public void Dispose()
    {
        foreach (var process in _started)
        {
            if (!process.HasExited)          // a test has failed half-way
                process.Kill();
            process.WaitForExit();
            process.Dispose();
        }

        _data.Delete(recursive: true);
    }

    [Fact]
    public async Task It_says_one_line_answers_probes_and_stops_cleanly()
    {
        var garam = Up();
        var http = new Uri(HttpAddress().Match(await ReadyLineAsync(garam)).Value);
        using var client = new HttpClient { BaseAddress = http };

        (await client.GetStringAsync("/healthz", _ct)).ShouldBe("ok");
        (await client.GetStringAsync("/readyz", _ct)).ShouldContain("\"ready\"");
        var metrics = await client.GetStringAsync("/metrics", _ct);
        metrics.ShouldContain("# TYPE http_server_request_duration_seconds histogram");
        metrics.ShouldContain("http_route=\"/readyz\"");
        (await client.GetStringAsync("/openapi/v1.json", _ct)).ShouldContain("createContent");

        garam.Terminate();
        var result = (await GaramCli.FinishAsync(garam)).ShouldExitWith(0);
        result.Out.ShouldBeEmpty("the ready line was the only one");
        result.Error.ShouldBeEmpty("nothing went wrong");
    }

    [Fact]
    public async Task Problems_of_the_embedded_broker_are_shown_by_readyz_and_the_console()
    {
        Directory.CreateDirectory(Path.Combine(_data.FullName, "broker", "orders-0.0f3c-stray"));
        var garam = Up();
        using var client = new HttpClient { BaseAddress = new Uri(HttpAddress().Match(await ReadyLineAsync(garam)).Value) };
        var readiness = await client.GetStringAsync("/readyz", _ct);
        readiness.ShouldContain("\"degraded\"");
        readiness.ShouldContain("orders-0.0f3c-stray");
        (await client.GetStringAsync("/console", _ct)).ShouldContain("orders-0.0f3c-stray");
        garam.Terminate();
        (await GaramCli.FinishAsync(garam)).ShouldExitWith(0);
    }

    [Fact]
    public async Task A_used_directory_and_taken_ports_are_one_line_each_that_names_the_flag()
    {
        var first = Up();
        var ready = await ReadyLineAsync(first);
        var http = HttpAddress().Match(ready).Groups[1].Value;
        var kafka = KafkaAddress().Match(ready).Groups[1].Value;

        ShouldRefuse(await GaramCli.RunAsync(Arguments()), "--data");
        ShouldRefuse(await GaramCli.RunAsync(Arguments("second", http: http)), $"{http} is taken", "--http");
        ShouldRefuse(await GaramCli.RunAsync(Arguments("third", kafka: kafka)), $"{kafka} is taken", "--kafka");

        first.Interrupt();
        (await GaramCli.FinishAsync(first)).ShouldExitWith(0);
    }

    [Fact]
    public async Task A_data_directory_that_cannot_be_made_is_one_line()
    {
        var file = Path.Combine(_data.FullName, "file");
        await File.WriteAllTextAsync(file, "", _ct);
        ShouldRefuse(await GaramCli.RunAsync("up", "--http", "127.0.0.1:0", "--kafka", "127.0.0.1:0", "--data", file), file, "--data");
    }

    [Fact]
    public async Task A_cluster_that_is_not_there_yet_is_waited_for_and_health_says_so()
    {
        var kafka = FreeAddress();
        var http = FreeAddress();
        var garam = Start("up", "--http", http, "--bootstrap-servers", kafka, "--data", _data.FullName);
        await SaysAsync(garam, $"Waiting for Kafka at {kafka}");
        using var client = new HttpClient { BaseAddress = new Uri($"http://{http}") };
        var readiness = await client.GetAsync("/readyz", _ct);
        readiness.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        (await readiness.Content.ReadAsStringAsync(_ct)).ShouldContain($"Waiting for Kafka at {kafka}");

        var broker = Start("broker", "--kafka", kafka, "--data", Path.Combine(_data.FullName, "cluster"));
        (await ReadyLineAsync(broker)).ShouldContain(kafka);
        (await ReadyLineAsync(garam)).ShouldContain("garam is ready");
        (await client.GetStringAsync("/readyz", _ct)).ShouldNotContain("Waiting for Kafka");
        garam.Terminate();
        (await GaramCli.FinishAsync(garam)).ShouldExitWith(0);
        broker.Terminate();
        (await GaramCli.FinishAsync(broker)).ShouldExitWith(0);
    }

    [Fact]
    public async Task A_start_that_waits_for_its_cluster_can_be_stopped()
    {
        var garam = Start("up", "--http", "127.0.0.1:0", "--bootstrap-servers", FreeAddress(), "--data", _data.FullName);
        await SaysAsync(garam, "Waiting for Kafka");
        garam.Terminate();
        (await GaramCli.FinishAsync(garam)).ExitCode.ShouldBe(143);
    }

    [Fact]
    public async Task A_native_client_that_cannot_be_loaded_is_one_line_and_no_abort()
    {
        var copy = Path.Combine(_data.FullName, "program");
        CopyWithoutClient(AppContext.BaseDirectory, copy);
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var argument in (string[])[Path.Combine(copy, "garam.dll"), .. Arguments("data")])
            start.ArgumentList.Add(argument);
        var garam = Process.Start(start)!;
        _started.Add(garam);
        ShouldRefuse(await GaramCli.FinishAsync(garam), "librdkafka", "cannot be loaded");
    }

    [Fact]
    public async Task The_broker_alone_loads_no_web_server_no_database_and_no_client()
    {
        var broker = Start("broker", "--kafka", "127.0.0.1:0", "--data", _data.FullName);
        (await ReadyLineAsync(broker)).ShouldContain("kafka 127.0.0.1:");
        var loaded = await File.ReadAllTextAsync($"/proc/{broker.Id}/maps", _ct);
        foreach (var stranger in (string[])["Microsoft.AspNetCore.Http", "Kestrel", "Confluent.Kafka", "librdkafka", "Sqlite", "sqlite3", "Garam.Content"])
            loaded.ShouldNotContain(stranger);
        broker.Terminate();
        (await GaramCli.FinishAsync(broker)).ShouldExitWith(0);
    }

    [Fact]
    public async Task A_port_that_something_else_holds_is_refused_before_anything_is_written()
    {
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        other.Listen();
        ShouldRefuse(await GaramCli.RunAsync(Arguments(http: other.LocalEndPoint!.ToString()!)), "--http");
        _data.EnumerateFileSystemInfos().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(64)]
    [InlineData(256)]
    public async Task A_limit_of_open_files_that_is_too_low_is_one_line_that_names_it(int limit)
    {
        using var bash = new BashRun("127.0.0.1:1");
        ShouldRefuse(await bash.RunAsync($"ulimit -n {limit}; exec garam {string.Join(' ', Arguments())}"), $"{limit} files", "ulimit -n");
    }

    [Theory]
    [InlineData("2>&-")]
    [InlineData("2>/dev/full")]
    public async Task A_start_that_fails_without_a_stderr_ends_with_its_exit_code(string redirection)
    {
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        other.Listen();
        using var bash = new BashRun("127.0.0.1:1");
        (await bash.RunAsync($"garam {string.Join(' ', Arguments(http: other.LocalEndPoint!.ToString()!))} {redirection}")).ShouldExitWith(1);
    }

    private static void ShouldRefuse(GaramCli.Result result, params string[] mentions)
    {
        result.ShouldExitWith(1).Out.ShouldBeEmpty();
        result.Error.TrimEnd('\n').ShouldNotContain('\n', result.Error);
        foreach (var mention in mentions)
            result.Error.ShouldContain(mention);
    }

    private async Task SaysAsync(Process garam, string text)
    {
        while ((await garam.StandardError.ReadLineAsync(_ct)).ShouldNotBeNull($"it ended without saying: {text}") is { } line && !line.Contains(text, StringComparison.Ordinal))
        {
        }
    }

    private static void CopyWithoutClient(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            if (file.Contains("librdkafka", StringComparison.Ordinal) && file.EndsWith(".so", StringComparison.Ordinal))
                File.WriteAllText(target, "not a library");
            // The host follows a link to the program, and would look for the library beside the original.
            else if (Path.GetFileName(file).StartsWith("garam.", StringComparison.Ordinal))
                File.Copy(file, target);
            else
                File.CreateSymbolicLink(target, file);
        }
    }

    private static string FreeAddress()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return probe.LocalEndPoint!.ToString()!;
    }

    private Process Up() => Start(Arguments());

    private Process Start(params string[] arguments)
    {
        var process = GaramCli.Start(arguments);
        _started.Add(process);
        return process;
    }

    private string[] Arguments(string data = "", string http = "127.0.0.1:0", string kafka = "127.0.0.1:0") =>
        ["up", "--http", http, "--kafka", kafka, "--data", Path.Combine(_data.FullName, data)];

    private async Task<string> ReadyLineAsync(Process garam) =>
        await garam.StandardOutput.ReadLineAsync(_ct) ?? throw new InvalidOperationException(await garam.StandardError.ReadToEndAsync(_ct));

    [GeneratedRegex("http://([0-9.:]+)")]
    private static partial Regex HttpAddress();

    [GeneratedRegex("kafka ([0-9.:]+)")]
    private static partial Regex KafkaAddress();
}
