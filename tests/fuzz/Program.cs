using Xunit.Runner.InProc.SystemConsole;

namespace Garam.Fuzz;

internal static class Program
{
    /// <summary><c>fuzz [options]</c> runs the fuzzer; everything else is for the test runner.</summary>
    public static async Task<int> Main(string[] arguments) =>
        arguments is ["fuzz", .. var options] ? FuzzCommand.Run(options) : await ConsoleRunner.Run(arguments);
}
