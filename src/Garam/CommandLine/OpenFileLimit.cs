using System.Globalization;

namespace Garam.CommandLine;

/// <summary>How many files this process may open (RLIMIT_NOFILE). With too few, whatever needs one next fails, in words of its own.</summary>
internal static class OpenFileLimit
{
    private const string Line = "Max open files";

    /// <exception cref="CommandFailure">The limit is lower than that.</exception>
    public static void Require(int files)
    {
        if (Read() is { } limit && limit < files)
            throw new CommandFailure(ExitCode.Failure, $"this process may open {limit} files and needs {files}: raise the limit, for example with: ulimit -n 4096");
    }

    // Not there outside of Linux, where the usual limits are far higher.
    private static int? Read()
    {
        if (!File.Exists("/proc/self/limits"))
            return null;
        var line = File.ReadLines("/proc/self/limits").FirstOrDefault(line => line.StartsWith(Line, StringComparison.Ordinal)) ?? "";
        return int.TryParse(line[Math.Min(Line.Length, line.Length)..].Trim().Split(' ')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var limit) ? limit : null;
    }
}
