using System.Diagnostics;

namespace Garam.Tests.Cli;

/// <summary>Commands as a person types them into bash, in a folder of their own where <c>garam</c> is this build of the program.</summary>
internal sealed class BashRun : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("garam-bash-");
    private readonly string _bootstrapServers;

    public BashRun(string bootstrapServers)
    {
        _bootstrapServers = bootstrapServers;
        var garam = Path.Combine(_folder.FullName, "garam");
        File.WriteAllText(garam, $"#!/bin/sh\nexec dotnet '{GaramCli.Program}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(garam, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public string Folder => _folder.FullName;

    public void Dispose() => _folder.Delete(recursive: true);

    public Task<GaramCli.Result> RunAsync(string command, params (string Name, string Value)[] variables) => RunInAsync("bash", ["-c", command], variables);

    /// <summary>Runs something that reads its commands from elsewhere: another shell, or one behind a terminal.</summary>
    public async Task<GaramCli.Result> RunInAsync(string program, string[] arguments, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = $"{Folder}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["GARAM_BOOTSTRAP_SERVERS"] = _bootstrapServers;
        start.Environment["XDG_STATE_HOME"] = Path.Combine(Folder, "state");
        start.Environment.Remove("COLUMNS");
        start.Environment.Remove("NO_COLOR");
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        return await GaramCli.FinishAsync(process);
    }

    /// <summary>Where a program lies; null where the machine has none.</summary>
    public static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}
