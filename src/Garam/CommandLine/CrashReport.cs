namespace Garam.CommandLine;

/// <summary>What the program leaves behind when it fails in a way that it does not know: one line for the user, the details in a file.</summary>
internal static class CrashReport
{
    /// <returns>The line.</returns>
    public static string Write(Exception exception)
    {
        var summary = $"failed unexpectedly: {exception.Message.ReplaceLineEndings(" ")} ({exception.GetType().Name}).";
        try
        {
            var file = Path.Combine(Path.GetTempPath(), $"garam-failure-{Environment.ProcessId}.txt");
            File.WriteAllText(file, $"garam {typeof(CrashReport).Assembly.GetName().Version}, {Environment.Version}, {Environment.OSVersion}\n{exception}\n");
            return $"{summary} Please report this as a bug, with {file}.";
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            return $"{summary} Please report this as a bug.";
        }
    }
}
