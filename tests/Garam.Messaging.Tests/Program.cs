using Garam.Messaging.Tests.Consuming;
using Xunit.Runner.InProc.SystemConsole;

namespace Garam.Messaging.Tests;

/// <summary>Runs the tests; or, started by one of them, a process that handles records and may be killed.</summary>
internal static class Program
{
    private static Task<int> Main(string[] arguments) =>
        arguments switch
        {
            [Worker.Command, .. var rest] => Worker.RunAsync(rest),
            [BlockingTests.Command, .. var rest] => BlockingTests.RunAsync(rest),
            [FrozenBrokerTests.Command, .. var rest] => FrozenBrokerTests.RunAsync(rest),
            _ => ConsoleRunner.Run(arguments),
        };
}
