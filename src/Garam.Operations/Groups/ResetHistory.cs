namespace Garam.Operations.Groups;

/// <summary>
/// Where groups were before they were reset, for seven days, so that a reset can be undone. A file for each cluster, shared by the command line
/// and the console: each undoes what the other did.
/// </summary>
/// <param name="directory">Made on first use.</param>
public sealed class ResetHistory(string directory)
{
    /// <summary><c>$XDG_STATE_HOME/garam/resets</c>, or <c>~/.local/state/garam/resets</c>.</summary>
    public static string DefaultDirectory { get; } = Path.Combine(
        Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } state ? state : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state"),
        "garam", "resets");

    /// <summary>The folder of the files.</summary>
    public string Directory { get; } = directory;
}
