using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Garam.Logging;

/// <summary>Where logs go: stderr, a line each, because stdout belongs to the ready line and to data.</summary>
internal static class LogOutput
{
    public static Option<bool> VerboseOption() => new("--verbose", "-v") { Description = "log what happens, not only what goes wrong" };

    public static ILoggerFactory CreateFactory(bool verbose) => LoggerFactory.Create(logging => Configure(logging, verbose));

    public static void Configure(ILoggingBuilder logging, bool verbose)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(LogLevel.Warning);
        logging.AddFilter("Garam", verbose ? LogLevel.Information : LogLevel.Warning);
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "HH:mm:ss.fff'Z' ";
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
