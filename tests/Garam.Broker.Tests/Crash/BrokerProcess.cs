using System.Diagnostics;

namespace Garam.Broker.Tests.Crash;

/// <summary>A broker in a process of its own, which can be killed: this test assembly, started for <see cref="Serve_until_killed"/> alone.</summary>
public sealed class BrokerProcess : IDisposable
{
    private const string Variable = "GARAM_TEST_BROKER_PROCESS";

    private readonly Process _process;

    private BrokerProcess(Process process, string address)
    {
        _process = process;
        Address = address;
    }

    public string Address { get; }

    /// <param name="directory">Where the broker keeps its data, below <c>data</c>, and says where it listens.</param>
    /// <param name="listen">HOST:PORT; port 0 the first time, the same one afterwards, so that clients find it again.</param>
    /// <param name="maxOpenFiles">How many files and sockets the process may have open; null: as many as this one.</param>
    public static async Task<BrokerProcess> StartAsync(string directory, string listen, int? maxOpenFiles = null)
    {
        var addressFile = Path.Combine(directory, "address");
        File.Delete(addressFile);
        var limit = maxOpenFiles is null ? "" : $"ulimit -n {maxOpenFiles}; ";
        var start = new ProcessStartInfo("sh", ["-c", limit + "exec dotnet \"$@\"", "sh", .. Arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment[Variable] = $"{directory} {listen}";
        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await Eventually.IsAsync(true, () => File.Exists(addressFile) || process.HasExited);
        process.HasExited.ShouldBeFalse("the broker ended by itself");
        return new BrokerProcess(process, await File.ReadAllTextAsync(addressFile));
    }

    private static string[] Arguments =>
        [typeof(BrokerProcess).Assembly.Location, "-explicit", "only", "-method", $"{typeof(ServedBroker).FullName}.{nameof(ServedBroker.Serve_until_killed)}"];

    /// <summary>Stops the broker cleanly.</summary>
    public async Task StopAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGKILL: no part of the process gets another instruction.</summary>
    public async Task KillAsync()
    {
        _process.HasExited.ShouldBeFalse("the broker ended by itself");
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    /// <summary>What the child does.</summary>
    public sealed class ServedBroker
    {
        [Fact(Explicit = true)]
        public async Task Serve_until_killed()
        {
            var arguments = Environment.GetEnvironmentVariable(Variable)?.Split(' ');
            Assert.SkipWhen(arguments is null, "only the crash tests start this");
            var directory = arguments![0];
            await using var broker = await KafkaBroker.StartAsync(new KafkaBrokerOptions { Listen = arguments[1], DataDirectory = Path.Combine(directory, "data") });
            await File.WriteAllTextAsync(Path.Combine(directory, "address.new"), broker.BootstrapServers);
            File.Move(Path.Combine(directory, "address.new"), Path.Combine(directory, "address"));
            while (await System.Console.In.ReadLineAsync(TestContext.Current.CancellationToken) is not null) { }
        }
    }
}
