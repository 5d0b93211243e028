using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Garam.Conformance.Brokers;

/// <summary>
/// Apache Kafka: the one that GARAM_TEST_KAFKA names (HOST:PORT), or one that the script in GARAM_ENGINE starts for these tests.
/// </summary>
public sealed class ApacheKafka : TestedBroker
{
    private const int SigTerm = 15;

    private Process? _process;
    private DirectoryInfo? _data;

    /// <summary>The script that starts engines, or null.</summary>
    public static string? EngineScript => Variable("GARAM_ENGINE");

    public override async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            Kill(_process.Id, SigTerm);
            await _process.WaitForExitAsync();
        }
        _process?.Dispose();
        _data?.Delete(recursive: true);
    }

    protected override async Task<string> StartAsync()
    {
        if (Variable("GARAM_TEST_KAFKA") is { } running)
        {
            return running.Split(',')[0];
        }
        var script = EngineScript;
        Assert.SkipWhen(script is null, "no Apache Kafka to compare with: set GARAM_TEST_KAFKA=HOST:PORT, or GARAM_ENGINE to a script that starts one");

        var port = FreePorts();
        _data = Directory.CreateTempSubdirectory("garam-conformance-");
        var start = new ProcessStartInfo(script!, ["start", "kafka", "--port", $"{port}", "--data", _data.FullName])
        {
            RedirectStandardOutput = true,
        };
        _process = Process.Start(start).ShouldNotBeNull();
        var ready = await _process.StandardOutput.ReadLineAsync();
        ready.ShouldNotBeNull("Apache Kafka ended before it was ready");
        return $"127.0.0.1:{port}";
    }

    /// <summary>A port that is free together with the one a thousand above it, where the engine puts its controller.</summary>
    private static int FreePorts()
    {
        for (var attempt = 0; attempt < 50; attempt++)
        {
            using var first = Listen(0);
            var port = ((IPEndPoint)first.LocalEndPoint!).Port;
            if (port + 1000 <= IPEndPoint.MaxPort && TryListen(port + 1000))
            {
                return port;
            }
        }
        throw new IOException("No two free ports were found.");
    }

    private static bool TryListen(int port)
    {
        try
        {
            Listen(port).Dispose();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static Socket Listen(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        return socket;
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int processId, int signal);
}
