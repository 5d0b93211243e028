using System.CommandLine;
using Garam.CommandLine;
using Garam.Logging;

namespace Garam.Brokers;

/// <summary><c>garam broker</c>: the broker alone. Loads neither ASP.NET Core nor SQLite nor librdkafka.</summary>
internal static class BrokerCommand
{
    /// <summary>Where the broker listens: the same flag for every command that starts one.</summary>
    public static Option<string> ListenOption() => new("--kafka")
    {
        Description = "where the broker listens; port 0: any free one",
        HelpName = "HOST:PORT",
        DefaultValueFactory = _ => "127.0.0.1:9092",
    };

    public static Option<string[]> ConfigOption()
    {
        var option = new Option<string[]>("--config", "-c") { Description = "a broker setting by its Kafka name, for example num.partitions=3", HelpName = "NAME=VALUE" };
        NameValue.Require(option);
        return option;
    }

    public static Command Create()
    {
        var listen = ListenOption();
        var data = DataDirectory.Option();
        var configs = ConfigOption();
        var verbose = LogOutput.VerboseOption();
        var command = new Command("broker", "Run the broker alone: small, and quick to start") { listen, data, configs, verbose, BrokerCheckCommand.Create() };
        command.SetAction((parsed, ct) => RunAsync(
            parsed.GetRequiredValue(listen), DataDirectory.Prepare(parsed.GetRequiredValue(data)), NameValue.Read(parsed, configs), parsed.GetValue(verbose), ct));
        return command;
    }

    private static async Task<int> RunAsync(string listen, string data, IReadOnlyDictionary<string, string> configuration, bool verbose, CancellationToken ct)
    {
        OpenFileLimit.Require(128);
        using var logs = LogOutput.Create(verbose);
        await using var broker = await EmbeddedBroker.StartAsync(listen, data, configuration, logs, ct);
        System.Console.Out.WriteLine($"garam broker is ready: kafka {broker.BootstrapServers}, data {data}");
        await Interruption.WaitAsync(ct);
        return ExitCode.Ok;
    }
}
