using System.CommandLine;
using Microsoft.Extensions.Logging;

namespace Garam.Logging;

/// <summary>Where logs go: stderr, a line each, because stdout belongs to the ready line and to data.</summary>
internal static class LogOutput
{
    public static Option<bool> VerboseOption() => new("--verbose", "-v") { Description = "log what happens, not only what goes wrong" };

    public static LogLines Create(bool verbose) => new(Ours(verbose), System.Console.Error, TimeProvider.System);

    /// <summary>Has a host log to <paramref name="lines"/>, which stay the caller's to dispose.</summary>
    public static void Configure(ILoggingBuilder logging, LogLines lines, bool verbose)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(LogLevel.Warning);
        logging.AddFilter(nameof(Garam), Ours(verbose));
        logging.AddProvider(lines);
    }

    private static LogLevel Ours(bool verbose) => verbose ? LogLevel.Information : LogLevel.Warning;
}
