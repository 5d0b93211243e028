using System.CommandLine;
using Garam.CommandLine;
using Garam.Connections;
using Garam.Console;
using Garam.Logging;
using Garam.Operations.Groups;
using Garam.Up;

namespace Garam.Consoles;

/// <summary><c>garam console</c>: the console alone, on any Kafka. It need not be there yet: the pages say what is wrong, and come to life with it.</summary>
internal static class ConsoleCommand
{
    public static Command Create()
    {
        var connection = new ConnectionOptions();
        var http = HttpAddress.Option("127.0.0.1:8081");
        var readOnly = new Option<bool>("--read-only") { Description = "only look: the server refuses every change" };
        var hosts = new Option<string[]>("--allow-host") { Description = "a name by which browsers may ask for it, besides localhost: that of a proxy in front of it", HelpName = "NAME" };
        var abandoned = Duration.Option("--abandoned-after", "a group without members raises no alarm when its oldest unread record has waited this long; 7d if left out");
        var verbose = LogOutput.VerboseOption();
        var command = new Command("console", "Serve the web console for any Kafka") { http, readOnly, hosts, abandoned, verbose };
        connection.AddTo(command);
        command.SetAction((parsed, ct) => RunAsync(
            new ConsoleOptions
            {
                BootstrapServers = connection.Servers(parsed),
                Properties = connection.Properties(parsed),
                ReadOnly = parsed.GetValue(readOnly),
                AllowedHosts = parsed.GetValue(hosts) ?? [],
                AbandonedAfter = parsed.GetValue(abandoned) ?? GroupAlarms.AbandonedAfter,
            },
            parsed.GetRequiredValue(http),
            parsed.GetValue(verbose),
            ct));
        return command;
    }

    private static async Task<int> RunAsync(ConsoleOptions options, HttpAddress http, bool verbose, CancellationToken ct)
    {
        OpenFileLimit.Require(256);
        http.EnsureFree();
        using var logs = LogOutput.Create(verbose);
        var builder = HttpHost.CreateBuilder(http, logs, verbose);
        builder.Services.AddConsole(options);
        await using var app = builder.Build();
        app.MapConsole();
        var address = await HttpHost.StartAsync(app, http, ct);
        System.Console.Out.WriteLine($"garam console is ready: {address}/console, kafka {options.BootstrapServers}{(options.ReadOnly ? ", read-only" : "")}");
        await Interruption.WaitAsync(ct);
        return ExitCode.Ok;
    }
}
