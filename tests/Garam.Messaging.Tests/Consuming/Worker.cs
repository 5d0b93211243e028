using System.Diagnostics;
using Garam.Messaging.Endpoints;
using Garam.Messaging.Tests.Brokers;

namespace Garam.Messaging.Tests.Consuming;

/// <summary>
/// A process that handles records and writes its history to standard output: "begin key number" and "end key number", a line each.
/// Output that has left the process is there although the process is killed.
/// </summary>
internal sealed class Worker : IDisposable
{
    public const string Command = "--worker";

    private readonly Process _process;
    private readonly Task _reading;

    private Worker(Process process, Action<string> onLine)
    {
        _process = process;
        _reading = ReadAsync(onLine);
    }

    public static async Task<int> RunAsync(string[] arguments)
    {
        var (servers, group, topic) = (arguments[0], arguments[1], arguments[2]);
        var output = new Output();
        await using var app = TestApp.Create(servers, options => options.InstanceId = arguments[3]);
        app.Map(group, topic, async (int number, [FromKey] string key) =>
        {
            output.Write($"begin {key} {number}");
            for (var pause = 0; pause < 100; pause++)
            {
                await Task.Yield();
            }

            output.Write($"end {key} {number}");
        }).WithConcurrency(4);
        await app.StartAsync();
        await Console.In.ReadToEndAsync();
        return 0;
    }

    /// <summary>Starts one. The same <paramref name="instance"/> started again takes over what its predecessor owned.</summary>
    public static Worker Start(TestKafka kafka, string group, string topic, string instance, Action<string> onLine) =>
        Start([Command, kafka.BootstrapServers, group, topic, instance], onLine);

    /// <summary>Starts this program with other arguments (see <see cref="Program"/>).</summary>
    public static Worker Start(string[] arguments, Action<string> onLine)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardInput = true };
        foreach (var argument in (string[])[typeof(Worker).Assembly.Location, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        return new Worker(Process.Start(start)!, onLine);
    }

    /// <summary>kill -9, and what it had written until then.</summary>
    public Task KillAsync()
    {
        _process.Kill();
        return _reading;
    }

    /// <summary>SIGSTOP: the process stands still, and nobody has told it.</summary>
    public void Sleep() => Signal("-STOP");

    public void Wake() => Signal("-CONT");

    /// <summary>Its input ends: it stops as a host does.</summary>
    public Task StopAsync()
    {
        _process.StandardInput.Close();
        return _reading;
    }

    public void Dispose()
    {
        _process.Kill();
        _process.Dispose();
    }

    private void Signal(string signal)
    {
        using var kill = Process.Start("kill", [signal, $"{_process.Id}"]);
        kill.WaitForExit();
    }

    private async Task ReadAsync(Action<string> onLine)
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            onLine(line);
        }

        await _process.WaitForExitAsync();
    }

    private sealed class Output
    {
        private readonly Stream _stream = Console.OpenStandardOutput();

        public void Write(string line)
        {
            lock (_stream)
            {
                _stream.Write(System.Text.Encoding.UTF8.GetBytes(line + "\n"));
            }
        }
    }
}
