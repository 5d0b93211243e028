namespace Garam.CommandLine;

/// <summary>What the program says to a person, on stderr: stdout is for data alone.</summary>
internal static class Talk
{
    /// <summary>A message of one or more lines. Names of others are in it, and are made visible.</summary>
    public static void Say(string message) => Write(() => CommandStreams.Error.WriteLine($"garam: {string.Join('\n', message.Split('\n').Select(Cells.Visible))}"));

    /// <summary>A line of something longer, below what was said before.</summary>
    public static void Detail(string line) => Write(() => CommandStreams.Error.WriteLine(Cells.Visible(line)));

    /// <summary>One line that changes, on a terminal only; empty: it is cleared.</summary>
    public static void Progress(string text)
    {
        if (CommandStreams.Current is null && !System.Console.IsErrorRedirected)
            Write(() => CommandStreams.Error.Write($"\r\u001b[K{Cells.Visible(text)}"));
    }

    /// <summary>Asks for a yes; anything else, or the end of the input, is a no.</summary>
    public static bool Ask(string question)
    {
        CommandStreams.Error.Write($"{Cells.Visible(question)}? [y/N] ");
        return System.Console.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }

    // Stderr may be closed, or a full disk: what is said is lost, and the exit code still says how it went.
    private static void Write(Action write)
    {
        try
        {
            write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
        }
    }
}
