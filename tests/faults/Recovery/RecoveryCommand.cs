using System.Globalization;

namespace Garam.Faults.Recovery;

/// <summary><c>recovery [--gigabytes N] [--partitions N] [--more-megabytes N] [--folder DIR]</c>: how long a broker with much data takes to come back, and what it reads for that.</summary>
internal static class RecoveryCommand
{
    public const string Name = "recovery";

    public static async Task<int> RunAsync(string[] args)
    {
        var flags = args.Chunk(2).ToDictionary(pair => pair[0], pair => pair.Length == 2 ? pair[1] : throw new ArgumentException($"{pair[0]} wants a value."));
        var folder = Directory.CreateDirectory(Path.Combine(flags.GetValueOrDefault("--folder", Path.GetTempPath()), $"garam-recovery-{Environment.ProcessId}")).FullName;
        try
        {
            var measurement = new RecoveryMeasurement(folder, Number(flags, "--partitions", 1000), Number(flags, "--gigabytes", 10) * 1_000_000_000L, Number(flags, "--more-megabytes", 100) * 1_000_000L);
            await measurement.RunAsync(CancellationToken.None);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static long Number(Dictionary<string, string> flags, string name, int otherwise) =>
        flags.TryGetValue(name, out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
