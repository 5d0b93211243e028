using System.CommandLine;
using Garam.Brokers;
using Garam.CommandLine;
using Garam.Logging;

namespace Garam.Up;

/// <summary><c>garam up</c>: everything, in one process.</summary>
internal static class UpCommand
{
    public static Command Create()
    {
        var kafka = BrokerCommand.ListenOption();
        var data = DataDirectory.Option();
        var configs = BrokerCommand.ConfigOption();
        var cluster = new Option<string?>("--bootstrap-servers") { Description = "a Kafka cluster to run on, in place of the embedded broker", HelpName = "HOST:PORT,..." };
        var http = HttpAddress.Option("127.0.0.1:8080");
        var verbose = LogOutput.VerboseOption();
        var command = new Command("up", "Run everything in one process: the broker, the services, HTTP") { kafka, http, data, cluster, configs, verbose };
        command.AddCheck(result =>
        {
            if (result.GetValue(cluster) is not null && (result.GetResult(kafka) is { Implicit: false } || result.GetResult(configs) is { Implicit: false }))
                result.AddError("--bootstrap-servers runs without the embedded broker: leave out --kafka and --config.");
        });
        command.SetAction((parsed, ct) => RunAsync(
            new UpOptions
            {
                Kafka = parsed.GetRequiredValue(kafka),
                Http = parsed.GetRequiredValue(http),
                Data = DataDirectory.Prepare(parsed.GetRequiredValue(data)),
                BootstrapServers = parsed.GetValue(cluster),
                BrokerConfiguration = NameValue.Read(parsed, configs),
                Verbose = parsed.GetValue(verbose),
            },
            ct));
        return command;
    }

    private static async Task<int> RunAsync(UpOptions options, CancellationToken ct)
    {
        OpenFileLimit.Require(512);
        await using var platform = await Platform.StartAsync(options, ct);
        System.Console.Out.WriteLine($"garam is ready: {platform.HttpAddress}, console {platform.HttpAddress}/console, kafka {platform.BootstrapServers}, data {options.Data}");
        await platform.WaitAsync(ct);
        return ct.IsCancellationRequested ? ExitCode.Ok : ExitCode.Failure;
    }
}
