using System.Diagnostics;
using System.Globalization;
using Garam.Bench.Servers;

namespace Garam.Bench.Work;

/// <summary>How long it takes until metadata is served, and what a server holds when nobody has asked anything else of it.</summary>
internal sealed class Starts(string folder)
{
    public const string Row = "start", FirstRow = "start-first", IdleRow = "resident-idle";

    /// <summary>What a server does in the background when it is up belongs to its idle memory.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(1.5);

    /// <summary>Starts a process on a directory that it knows: Kafka's has to be formatted first, and that is not measured.</summary>
    public IReadOnlyList<Measurement> Measure(ServerKind kind)
    {
        using var server = Server.Start(kind, Path.Combine(folder, kind.Name));
        Thread.Sleep(Settling);
        return
        [
            new(Row, kind.Name) { WallSeconds = server.StartTime.TotalSeconds, CpuSeconds = server.Processes.CpuSeconds },
            new(IdleRow, kind.Name) { ResidentBytes = server.Processes.ResidentBytes },
        ];
    }

    /// <summary><c>KafkaBroker.StartAsync</c> again and again in one process: the first has to be compiled, the others are warm.</summary>
    public static IReadOnlyList<Measurement> MeasureWarm(int count)
    {
        var line = EmbeddedBroker.Self("starts", count.ToString(CultureInfo.InvariantCulture));
        using var process = Process.Start(new ProcessStartInfo(line[0], line[1..]) { RedirectStandardOutput = true })!;
        var seconds = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        Check.That(seconds.Length == count, $"{seconds.Length} of {count} starts succeeded");
        return [.. seconds.Select((text, index) => new Measurement(index == 0 ? FirstRow : Row, ServerKind.Embedded)
        {
            Round = Math.Max(1, index), WallSeconds = double.Parse(text, CultureInfo.InvariantCulture),
        })];
    }
}
