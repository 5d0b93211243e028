using System.Diagnostics;

namespace Garam.Acceptance;

/// <summary>The checkout that the tests run in, and the things beside it that some of them need.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Launcher => Path.Combine(Root, "garam");

    /// <summary>The script that starts real engines, or null where there is none.</summary>
    public static string? Engine => Environment.GetEnvironmentVariable("GARAM_ENGINE") is { Length: > 0 } path ? path : null;

    public static bool Has(string tool) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, tool)));

    public static string NewFolder(string name) => Directory.CreateTempSubdirectory($"garam-{name}-").FullName;

    /// <summary>Runs a program to its end and returns what it printed; its standard input is <paramref name="input"/>.</summary>
    public static async Task<string> RunAsync(string program, IEnumerable<string> arguments, string input, CancellationToken ct)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(ct);
        var errors = process.StandardError.ReadToEndAsync(ct);
        await process.StandardInput.WriteAsync(input.AsMemory(), ct);
        process.StandardInput.Close();
        try
        {
            await process.WaitForExitAsync(ct);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }

        process.ExitCode.ShouldBe(0, $"{program} {string.Join(' ', start.ArgumentList)}: {await errors}");
        return await output;
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Garam.slnx")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("Run the acceptance tests from inside the repository: no Garam.slnx above " + AppContext.BaseDirectory);
    }
}
