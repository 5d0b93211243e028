using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Garam.Bench.Load;

/// <summary>Waits for bytes or for a moment, exactly: the last microseconds are waited for awake.</summary>
internal static partial class Pause
{
    private const short PollIn = 1;
    private const int SetTimerSlack = 29;
    private static readonly long AwakeTicks = Stopwatch.Frequency / 20_000;

    /// <summary>Timers of this thread shall not be late by the kernel's usual 50 µs.</summary>
    public static void MakeTimersExact() => _ = prctl(SetTimerSlack, 1, 0, 0, 0);

    /// <summary>Returns when <paramref name="socket"/> has bytes, or at <paramref name="moment"/> of <see cref="Stopwatch"/>.</summary>
    public static void Until(Socket socket, long moment)
    {
        var rest = Math.Min(moment - Stopwatch.GetTimestamp() - AwakeTicks, Stopwatch.Frequency);
        if (rest <= 0) return;
        var descriptor = new Descriptor { File = (int)socket.Handle, Events = PollIn };
        var time = new Time { Nanoseconds = (long)(rest * (1e9 / Stopwatch.Frequency)) % 1_000_000_000, Seconds = rest / Stopwatch.Frequency };
        _ = ppoll(ref descriptor, 1, in time, 0);
    }

    [LibraryImport("libc")]
    private static partial int ppoll(ref Descriptor descriptors, nuint count, in Time timeout, nint signals);

    [LibraryImport("libc")]
    private static partial int prctl(int option, nuint a, nuint b, nuint c, nuint d);

    [StructLayout(LayoutKind.Sequential)]
    private struct Descriptor
    {
        public int File;
        public short Events;
        public short Returned;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
