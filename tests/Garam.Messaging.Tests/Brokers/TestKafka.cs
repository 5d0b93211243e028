using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Garam.Broker;
using Garam.Messaging.Tests.Brokers;

[assembly: AssemblyFixture(typeof(GaramKafka))]
[assembly: AssemblyFixture(typeof(ApacheKafka))]

namespace Garam.Messaging.Tests.Brokers;

/// <summary>A broker that tests talk to. Started by the first test that asks.</summary>
public abstract class TestKafka : IAsyncDisposable
{
    private readonly Lazy<Task<string>> _bootstrapServers;

    protected TestKafka() => _bootstrapServers = new(StartAsync);

    public string BootstrapServers { get; private set; } = "";

    public async Task UseAsync() => BootstrapServers = await _bootstrapServers.Value;

    public static string NewName(string prefix) => $"{prefix}-{Guid.NewGuid():N}";

    public abstract ValueTask DisposeAsync();

    protected abstract Task<string> StartAsync();
}

/// <summary>Our broker, inside the process of the tests.</summary>
public sealed class GaramKafka : TestKafka
{
    private KafkaBroker? _broker;

    public override ValueTask DisposeAsync() => _broker?.DisposeAsync() ?? default;

    protected override async Task<string> StartAsync()
    {
        _broker = await KafkaBroker.StartAsync();
        return _broker.BootstrapServers;
    }
}

/// <summary>Apache Kafka: the one that <c>GARAM_TEST_KAFKA</c> names, or one that the script <c>GARAM_ENGINE</c> starts. Without either its tests are skipped.</summary>
public sealed class ApacheKafka : TestKafka
{
    private readonly string _data = Path.Combine(Path.GetTempPath(), $"garam-messaging-tests-{Guid.NewGuid():N}");
    private Process? _process;

    public override async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            using var stop = Process.Start("kill", ["-TERM", $"{process.Id}"]);
            await process.WaitForExitAsync();
            process.Dispose();
            Directory.Delete(_data, recursive: true);
        }
    }

    protected override async Task<string> StartAsync()
    {
        if (Environment.GetEnvironmentVariable("GARAM_TEST_KAFKA") is { Length: > 0 } servers)
        {
            return servers;
        }

        var engine = Environment.GetEnvironmentVariable("GARAM_ENGINE");
        Assert.SkipWhen(string.IsNullOrEmpty(engine), "Apache Kafka is not there: set GARAM_TEST_KAFKA=host:port, or GARAM_ENGINE to a script that starts it.");
        var port = FreePort();
        _process = Process.Start(new ProcessStartInfo(engine!, ["start", "kafka", "--port", $"{port}", "--data", _data]) { RedirectStandardOutput = true })!;
        await _process.StandardOutput.ReadLineAsync();
        return $"127.0.0.1:{port}";
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>Tests that hold on every broker: written once, inherited by a class for each.</summary>
public abstract class BrokerTests(TestKafka kafka) : IAsyncLifetime
{
    protected TestKafka Kafka { get; } = kafka;

    protected string Topic { get; } = TestKafka.NewName("orders");

    protected string Group { get; } = TestKafka.NewName("billing");

    public async ValueTask InitializeAsync() => await Kafka.UseAsync();

    public ValueTask DisposeAsync() => default;
}
