using System.Globalization;

namespace Garam.CommandLine;

/// <summary>Where output goes. A pipe or a file has no width and no colour: nothing is cut there, and nothing but data arrives.</summary>
/// <param name="Width">Cells of a line; null where there is no line to fill.</param>
/// <param name="Colour">Whether emphasis may be written.</param>
internal sealed record Terminal(int? Width, bool Colour)
{
    private static readonly Lazy<Terminal> Found = new(() => System.Console.IsOutputRedirected
        ? new Terminal(null, false)
        : new Terminal(FindWidth(), IsColourWanted()));

    public static Terminal Stdout => CommandStreams.Current is null ? Found.Value : new Terminal(null, false);

    /// <summary>Whether there is a person at the other end of stdout.</summary>
    public bool IsTerminal => Width is not null;

    // https://no-color.org: any value but an empty one.
    private static bool IsColourWanted() =>
        string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") is not ("dumb" or null);

    // The variable wins: it is how a person, or a test, asks for another width than the window's.
    private static int FindWidth() =>
        int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), NumberStyles.None, CultureInfo.InvariantCulture, out var columns) && columns > 0 ? columns
        : System.Console.WindowWidth is > 0 and var width ? width
        : 80;
}
