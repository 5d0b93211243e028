using System.Runtime.InteropServices;
using Garam.Broker;

namespace Garam.Faults.Brokers;

/// <summary>
/// What the process does that is killed: <c>broker DATA LISTEN ADVERTISED LOG [NAME=VALUE]...</c>. It prints the address that it serves, and serves until
/// SIGTERM stops it in order.
/// </summary>
internal static class BrokerCommand
{
    public const string Name = "broker";

    public static async Task<int> RunAsync(string[] args)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var signal = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            stopped.TrySetResult();
        });
        using var log = new BrokerLog(args[3]);
        await using var broker = await KafkaBroker.StartAsync(new KafkaBrokerOptions
        {
            DataDirectory = args[0],
            Listen = args[1],
            Advertised = args[2].Length > 0 ? args[2] : null,
            Configuration = args.Skip(4).Select(setting => setting.Split('=', 2)).ToDictionary(setting => setting[0], setting => setting[1]),
            LoggerFactory = log,
        });
        Console.WriteLine(broker.BootstrapServers);
        await stopped.Task;
        return 0;
    }
}
