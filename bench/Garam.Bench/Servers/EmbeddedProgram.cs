using System.Diagnostics;
using System.Globalization;
using System.Net;
using Garam.Bench.Load;
using Garam.Broker;
using Garam.Kafka;
using Garam.Kafka.Messages;

namespace Garam.Bench.Servers;

/// <summary>Somebody else's process with a broker in it.</summary>
internal static class EmbeddedProgram
{
    /// <summary>Serves until SIGTERM.</summary>
    public static async Task<int> ServeAsync(string listen, string dataDirectory)
    {
        var options = new KafkaBrokerOptions
        {
            Listen = listen,
            DataDirectory = dataDirectory,
            Configuration = new Dictionary<string, string> { ["log.segment.delete.delay.ms"] = "0" },
        };
        await using var broker = await KafkaBroker.StartAsync(options);
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var signal = System.Runtime.InteropServices.PosixSignalRegistration.Create(
            System.Runtime.InteropServices.PosixSignal.SIGTERM,
            context => { context.Cancel = true; stopped.SetResult(); });
        await stopped.Task;
        return 0;
    }

    /// <summary>Prints how many seconds each of <paramref name="count"/> starts has taken, until metadata was served. The first compiles the broker.</summary>
    public static async Task<int> StartOftenAsync(int count)
    {
        for (var start = 0; start < count; start++)
        {
            var clock = Stopwatch.StartNew();
            await using var broker = await KafkaBroker.StartAsync();
            using (var wire = new Wire(IPEndPoint.Parse(broker.BootstrapServers)))
            {
                var answer = wire.Call<MetadataResponse>(ApiKey.Metadata, 9, new MetadataRequest { Topics = [] });
                Check.That(answer.Brokers.Count == 1, "the broker does not know itself");
            }
            Console.WriteLine(clock.Elapsed.TotalSeconds.ToString(CultureInfo.InvariantCulture));
        }
        return 0;
    }
}
