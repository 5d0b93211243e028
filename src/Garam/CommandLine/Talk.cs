namespace Garam.CommandLine;

/// <summary>What the program says to a person, on stderr: stdout is for data alone.</summary>
internal static class Talk
{
    public static void Say(string message) => System.Console.Error.WriteLine($"garam: {message}");

    /// <summary>
    /// Lets a person confirm what cannot be undone. A script has to say <c>--yes</c>: nobody is there to ask.
    /// </summary>
    public static bool Confirm(string plan, bool yes)
    {
        if (yes)
            return true;
        if (System.Console.IsInputRedirected)
            throw new CommandFailure(ExitCode.Usage, $"{plan}: add --yes to do this without being asked.");
        System.Console.Error.Write($"{plan}? [y/N] ");
        return System.Console.ReadLine()?.Trim() is "y" or "Y" or "yes";
    }
}
