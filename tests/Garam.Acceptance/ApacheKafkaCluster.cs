using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Garam.Acceptance;

/// <summary>A three-node Apache Kafka for one test class where the machine can start one; else the one that runs.</summary>
public sealed class ApacheKafkaCluster : IAsyncLifetime
{
    private readonly string _data = Repository.NewFolder("kafka");
    private Process? _process;

    /// <summary>Addresses of the cluster, or null with the reason in <see cref="Missing"/>.</summary>
    public string? BootstrapServers { get; private set; }

    public string Missing => "no Apache Kafka here: set GARAM_TEST_KAFKA to its bootstrap servers, or GARAM_ENGINE to a script that starts one";

    public async ValueTask InitializeAsync()
    {
        if (Repository.Engine is not { } engine)
        {
            BootstrapServers = Environment.GetEnvironmentVariable("GARAM_TEST_KAFKA") is { Length: > 0 } given ? given : null;
            return;
        }

        var port = FreePorts();
        _process = Process.Start(new ProcessStartInfo(engine, ["start", "kafka", "--port", $"{port}", "--data", _data, "--nodes", "3"]) { RedirectStandardOutput = true })!;
        _ = await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("Apache Kafka did not start");
        BootstrapServers = string.Join(',', Enumerable.Range(port, 3).Select(p => $"127.0.0.1:{p}"));
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            using (Process.Start("kill", ["-TERM", $"{_process.Id}"]))
                await _process.WaitForExitAsync();
            _process.Dispose();
        }

        Directory.Delete(_data, recursive: true);
    }

    /// <summary>The engine takes consecutive ports: one that is free together with its neighbours (its controllers listen above).</summary>
    private static int FreePorts()
    {
        for (var port = 21092; ; port += 20)
        {
            if (Enumerable.Range(port, 10).All(IsFree))
                return port;
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
