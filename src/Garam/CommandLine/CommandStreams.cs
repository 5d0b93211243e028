namespace Garam.CommandLine;

/// <summary>
/// What a command reads and writes: the streams of the process, or those of a caller that runs commands in its own process, as tests do. A command that
/// starts a server, or asks a person, has the process's streams.
/// </summary>
internal sealed class CommandStreams
{
    private static readonly AsyncLocal<CommandStreams?> Given = new();

    public required Stream Input { get; init; }

    /// <summary>Opened for each part of a command that prints, and disposed of by it.</summary>
    public required Func<Stream> Output { get; init; }

    public required TextWriter Messages { get; init; }

    /// <summary>Those of a caller in the same process; null: the process's own.</summary>
    public static CommandStreams? Current => Given.Value;

    public static TextWriter Error => Given.Value?.Messages ?? System.Console.Error;

    public static bool IsInputRedirected => Given.Value is not null || System.Console.IsInputRedirected;

    public static Stream OpenInput() => Given.Value?.Input ?? System.Console.OpenStandardInput();

    public static Stream OpenOutput() => Given.Value?.Output() ?? System.Console.OpenStandardOutput();

    /// <summary>Runs a command with these streams.</summary>
    public async Task<int> RunAsync(Func<Task<int>> command)
    {
        Given.Value = this;
        return await command();
    }
}
