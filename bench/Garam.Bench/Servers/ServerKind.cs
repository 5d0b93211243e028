using System.Diagnostics;
using System.Net;

namespace Garam.Bench.Servers;

/// <summary>What can be measured, and how it is started.</summary>
internal abstract class ServerKind(string name)
{
    public const string Kafka = "kafka", Garam = "garam", Embedded = "embedded", Floor = "floor";

    public string Name { get; } = name;

    /// <summary>False for the floor, which knows frames only.</summary>
    public virtual bool SpeaksKafka => true;

    /// <summary>The command that runs it in the foreground until SIGTERM.</summary>
    public ProcessStartInfo Command(IPEndPoint endpoint, string dataDirectory)
    {
        var line = CommandLine(endpoint, dataDirectory);
        var start = new ProcessStartInfo(line[0], line[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        // An embedded broker must not profit from what our own shell has set.
        start.Environment.Remove("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS");
        return start;
    }

    /// <summary>Those that this machine can run, of <paramref name="wanted"/>.</summary>
    public static IReadOnlyList<ServerKind> Find(IReadOnlyCollection<string> wanted, string root)
    {
        var found = new List<ServerKind>();
        if (Environment.GetEnvironmentVariable("GARAM_ENGINE") is { Length: > 0 } engine) found.Add(new ApacheKafka(engine));
        else Console.Error.WriteLine("bench: GARAM_ENGINE names no script that starts Apache Kafka: measured without it");
        found.Add(new GaramProcess(root));
        found.Add(new EmbeddedBroker());
        if (FloorProgram.TryBuild(root) is { } floor) found.Add(floor);
        return [.. found.Where(kind => wanted.Count == 0 || wanted.Contains(kind.Name))];
    }

    protected abstract string[] CommandLine(IPEndPoint endpoint, string dataDirectory);
}

/// <summary>Apache Kafka as it comes, with 1 GB of heap; deleted files go at once, as for ours, so that rounds do not fill the disk.</summary>
internal sealed class ApacheKafka(string engine) : ServerKind(Kafka)
{
    protected override string[] CommandLine(IPEndPoint endpoint, string dataDirectory) =>
        [engine, "start", "kafka", "--port", $"{endpoint.Port}", "--data", dataDirectory, "--heap", "1g", "--set", "log.segment.delete.delay.ms=0"];
}

/// <summary><c>./garam broker</c>, as anybody starts it.</summary>
internal sealed class GaramProcess(string root) : ServerKind(Garam)
{
    protected override string[] CommandLine(IPEndPoint endpoint, string dataDirectory) =>
        [Path.Combine(root, "garam"), "broker", "--kafka", $"{endpoint}", "--data", dataDirectory, "--config", "log.segment.delete.delay.ms=0"];
}

/// <summary><c>KafkaBroker.StartAsync</c> in a process that does nothing to help it: this program again, with another verb.</summary>
internal sealed class EmbeddedBroker() : ServerKind(Embedded)
{
    protected override string[] CommandLine(IPEndPoint endpoint, string dataDirectory) => Self("embedded", $"{endpoint}", dataDirectory);

    public static string[] Self(params string[] arguments) => [Environment.ProcessPath!, Path.Combine(AppContext.BaseDirectory, "Garam.Bench.dll"), .. arguments];
}

/// <summary>A loop in C that receives, sums and writes, or reads and sends: no server can cost less here.</summary>
internal sealed class FloorProgram : ServerKind
{
    private readonly string _program;

    private FloorProgram(string program) : base(Floor) => _program = program;

    public override bool SpeaksKafka => false;

    /// <summary>Null where there is no C compiler.</summary>
    public static FloorProgram? TryBuild(string root)
    {
        var program = Path.Combine(root, "artifacts", "floor");
        var line = $"cc -O2 $(uname -m | sed -n s/x86_64/-msse4.2/p) -o '{program}' '{Path.Combine(root, "bench", "floor", "floor.c")}'";
        using var compiler = Process.Start("sh", ["-c", line]);
        compiler.WaitForExit();
        if (compiler.ExitCode == 0) return new FloorProgram(program);
        Console.Error.WriteLine("bench: there is no C compiler (cc): measured without the floor");
        return null;
    }

    protected override string[] CommandLine(IPEndPoint endpoint, string dataDirectory) => [_program, $"{endpoint.Port}", Path.Combine(dataDirectory, "floor.log")];
}
