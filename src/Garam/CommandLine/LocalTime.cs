using System.CommandLine;
using Garam.Operations.Queries;

namespace Garam.CommandLine;

/// <summary><c>--local</c>: times for a person are shown in the local zone, and those without a zone are read there. Documents for programs stay UTC.</summary>
internal static class LocalTime
{
    private const string Name = "--local";

    /// <summary>How the times of this command line are read.</summary>
    public static TimeReading Reading { get; private set; } = TimeReading.Utc;

    public static bool IsChosen { get; private set; }

    /// <summary>On the root, so that every command takes it.</summary>
    public static Option<bool> Option() => new(Name)
    {
        Description = "show times in the local time zone, which TZ can name, and read times without a zone there; UTC if left out",
        Recursive = true,
    };

    /// <summary>Called before the arguments are parsed: times among them are read while they are.</summary>
    /// <exception cref="CommandFailure">TZ names a zone that this machine does not know.</exception>
    public static void Choose(IEnumerable<string> args)
    {
        IsChosen = args.TakeWhile(argument => argument != "--").Contains(Name);
        if (!IsChosen)
            return;
        // The runtime takes UTC, without a word, where it does not know the zone.
        if (Environment.GetEnvironmentVariable("TZ")?.TrimStart(':') is { Length: > 0 } zone && !File.Exists(zone) && !TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
            throw new CommandFailure(ExitCode.Usage, $"TZ={zone} is not a time zone that this machine knows: write a name like Asia/Seoul, or install tzdata.");
        Reading = TimeReading.Utc with { Zone = TimeZoneInfo.Local };
    }
}
