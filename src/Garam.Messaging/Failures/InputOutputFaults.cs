using System.Collections.Frozen;

namespace Garam.Messaging.Failures;

/// <summary>
/// Which IOException is trouble with a disk or a connection. The type alone says nothing: readers of formats throw it for invalid bytes, servers for an invalid
/// request. Its code tells, or the library that threw it; a SocketException that caused it is found as any other cause is.
/// </summary>
internal static class InputOutputFaults
{
    // Windows' codes as HRESULT: FACILITY_WIN32.
    private const int WindowsFacility = unchecked((int)0x80070000);

    // errno, which .NET gives as HResult on Unix: Linux, then macOS where it differs. Interrupted, I/O, no device, again (a file lock), no memory, busy, too many
    // files, disk full, read-only, broken pipe, no locks, quota, stale handle, and those of connections.
    private static readonly FrozenSet<int> UnixCodes =
    [
        4, 5, 6, 11, 12, 16, 19, 23, 24, 26, 28, 30, 32, 37, 100, 101, 102, 103, 104, 107, 108, 110, 111, 112, 113, 116, 122,
        35, 50, 51, 52, 53, 54, 57, 58, 60, 61, 64, 65, 69, 70, 77,
    ];

    // Too many files, no memory, write protection, not ready, checksum, sharing, lock, disk full (39, 112), network (53 to 64), pipes, time-out, device, resources, sockets.
    private static readonly FrozenSet<int> WindowsCodes =
    [
        4, 8, 19, 21, 23, 32, 33, 39, 53, 54, 55, 59, 64, 109, 112, 121, 170, 231, 232, 233, 1117, 1167, 1225, 1231, 1232, 1236, 1450, 1455,
        10050, 10051, 10052, 10053, 10054, 10057, 10058, 10060, 10061, 10064, 10065,
    ];

    public static bool IsDependency(IOException exception) => IsOfNetwork(exception.Source) || exception.HResult switch
    {
        > 0 and var errno => UnixCodes.Contains(errno),
        var code when (code & unchecked((int)0xFFFF0000)) == WindowsFacility => WindowsCodes.Contains(code & 0xFFFF),
        _ => false,
    };

    /// <summary>Streams over connections say only by a text that the other side has gone; the source is the assembly that threw it.</summary>
    private static bool IsOfNetwork(string? source) => source is not null
        && (source.StartsWith("System.Net.", StringComparison.Ordinal) || source.StartsWith("System.IO.Pipes", StringComparison.Ordinal));
}
