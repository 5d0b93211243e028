using System.Runtime.InteropServices;

namespace Garam.Broker.Resources;

/// <summary>How many files and sockets this process may have open at once (<c>ulimit -n</c>).</summary>
internal static partial class DescriptorLimit
{
    private const int Linux = 7, MacOs = 8;
    private const int Unlimited = 1_000_000;

    /// <summary>A million where the system sets no limit, or does not say.</summary>
    public static int Read()
    {
        if (OperatingSystem.IsWindows()) return Unlimited;
        return GetLimit(OperatingSystem.IsMacOS() ? MacOs : Linux, out var limit) == 0 ? (int)Math.Min(limit.Current, Unlimited) : Unlimited;
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, out Limit limit);

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        public nuint Current;
        public nuint Maximum;
    }
}
