using System.Diagnostics;

namespace Garam.Tests.Cli;

/// <summary>The program as a shell runs it: arguments and stdin in, stdout, stderr and an exit code out.</summary>
internal static class GaramCli
{
    /// <summary>The published program where the launcher runs the tests: it starts in a third of the time. Else the one that was built with them.</summary>
    public static string Program { get; } = Environment.GetEnvironmentVariable("GARAM_PROGRAM") ?? Path.Combine(AppContext.BaseDirectory, "garam.dll");

    public static Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(Program);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    public static Task<Result> RunAsync(params string[] arguments) => RunAsync(input: "", arguments);

    public static async Task<Result> RunAsync(string input, string[] arguments)
    {
        using var process = Start(arguments);
        return await FinishAsync(process, input);
    }

    public static async Task<Result> FinishAsync(Process process, string input = "")
    {
        var ct = TestContext.Current.CancellationToken;
        var output = process.StandardOutput.ReadToEndAsync(ct);
        var error = process.StandardError.ReadToEndAsync(ct);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync(ct);
        return new Result(process.ExitCode, await output, await error);
    }

    internal sealed record Result(int ExitCode, string Out, string Error)
    {
        public string[] Lines => Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        public Result ShouldExitWith(int code)
        {
            ExitCode.ShouldBe(code, $"{Out}\n{Error}");
            return this;
        }
    }
}
