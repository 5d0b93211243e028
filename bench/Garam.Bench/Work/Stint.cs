using System.Diagnostics;
using Garam.Bench.Load;
using Garam.Bench.Servers;

namespace Garam.Bench.Work;

/// <summary>What a server spends between two moments.</summary>
internal readonly struct Stint
{
    private readonly Server _server;
    private readonly double _cpu;
    private readonly long _start;

    private Stint(Server server)
    {
        _server = server;
        _cpu = server.Processes.CpuSeconds;
        _start = Stopwatch.GetTimestamp();
    }

    public static Stint Begin(Server server) => new(server);

    /// <summary>The cost of <paramref name="work"/>, which has just been done.</summary>
    public Measurement End(string row, Produced work)
    {
        var wall = Stopwatch.GetElapsedTime(_start).TotalSeconds;
        var cpu = _server.Processes.CpuSeconds - _cpu;
        return new Measurement(row, _server.Kind.Name)
        {
            Records = work.Records, Bytes = work.Bytes, WallSeconds = wall, CpuSeconds = cpu, ResidentBytes = _server.Processes.ResidentBytes,
        };
    }
}
