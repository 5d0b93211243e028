using System.Globalization;
using System.Runtime.InteropServices;

namespace Garam.Bench.Servers;

/// <summary>A server's process and everything that it has started: a JVM lies below a shell, and both count.</summary>
internal sealed partial class ProcessTree(int root)
{
    private const int CpuSets = 1024 / 64;

    /// <summary>User and system time of all processes so far, in seconds; exact to the nanosecond, where /proc counts hundredths.</summary>
    public double CpuSeconds => All().Sum(CpuSecondsOf);

    /// <summary>Resident memory in bytes.</summary>
    public long ResidentBytes => All().Sum(ResidentBytesOf);

    /// <summary>Puts every thread, and those that they start later, on one processor. Called when the server is ready: until then it may count what it has.</summary>
    public void PinTo(int processor)
    {
        foreach (var process in All()) PinTo(process, processor);
    }

    /// <summary>Puts the threads of a process on one processor. Nothing happens where there is no other for the rest.</summary>
    public static void PinTo(int process, int processor)
    {
        if (Environment.ProcessorCount < 2) return;
        Span<ulong> mask = stackalloc ulong[CpuSets];
        mask[processor / 64] = 1UL << (processor % 64);
        foreach (var thread in Directory.EnumerateDirectories($"/proc/{process}/task"))
            _ = sched_setaffinity(int.Parse(Path.GetFileName(thread), CultureInfo.InvariantCulture), (nuint)(CpuSets * sizeof(ulong)), ref mask[0]);
    }

    private List<int> All()
    {
        var found = new List<int> { root };
        for (var next = 0; next < found.Count; next++)
        {
            foreach (var task in TasksOf(found[next]))
            {
                if (ReadOrEmpty(Path.Combine(task, "children")) is { Length: > 0 } children)
                    found.AddRange(children.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(id => int.Parse(id, CultureInfo.InvariantCulture)));
            }
        }
        return found;
    }

    private static string[] TasksOf(int process) => Directory.Exists($"/proc/{process}/task") ? Directory.GetDirectories($"/proc/{process}/task") : [];

    private static string ReadOrEmpty(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return ""; // the thread has ended meanwhile
        }
    }

    /// <summary>The clock of another process has the number that Linux makes of its id: see clock_getcpuclockid(3).</summary>
    private static double CpuSecondsOf(int process)
    {
        const int schedulerClock = 2;
        return clock_gettime((~process << 3) | schedulerClock, out var time) == 0 ? time.Seconds + time.Nanoseconds / 1e9 : 0;
    }

    private static long ResidentBytesOf(int process)
    {
        var line = ReadOrEmpty($"/proc/{process}/status").Split('\n').FirstOrDefault(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) * 1024;
    }

    [LibraryImport("libc")]
    private static partial int clock_gettime(int clock, out Time time);

    [LibraryImport("libc")]
    private static partial int sched_setaffinity(int thread, nuint size, ref ulong mask);

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
