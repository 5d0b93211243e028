using System.CommandLine;

namespace Garam.CommandLine;

/// <summary><c>--data DIR</c>: the directory that keeps everything.</summary>
internal static class DataDirectory
{
    public static Option<string> Option() => new("--data")
    {
        Description = "the directory that keeps everything; created where absent",
        HelpName = "DIR",
        DefaultValueFactory = _ => "data",
    };

    /// <summary>Makes the directory, before anything is started that would have to be stopped again.</summary>
    /// <returns>Its absolute path.</returns>
    /// <exception cref="CommandFailure">It has no name, or cannot be made.</exception>
    public static string Prepare(string path)
    {
        if (string.IsNullOrWhiteSpace(path))
            throw new CommandFailure(ExitCode.Usage, "--data has no value: name a directory with --data DIR.");
        try
        {
            return Directory.CreateDirectory(path).FullName;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure(ExitCode.Failure, $"the data directory {Path.GetFullPath(path)} cannot be used ({exception.Message.TrimEnd('.')}): choose another with --data DIR.");
        }
    }
}
