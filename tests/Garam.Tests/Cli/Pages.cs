namespace Garam.Tests.Cli;

/// <summary>The repository's pages, as far as tests write parts of them.</summary>
internal static class Pages
{
    public static bool AreUpdated => Environment.GetEnvironmentVariable("GARAM_UPDATE_PAGES") == "1";

    public static string Root { get; } = FindRoot();

    public static string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(System.IO.Path.Combine(folder.FullName, "Garam.slnx")))
            folder = folder.Parent ?? throw new InvalidOperationException("the repository is above the tests.");
        return folder.FullName;
    }
}
