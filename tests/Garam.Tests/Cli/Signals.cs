using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Garam.Tests.Cli;

/// <summary>Signals as a terminal or a supervisor sends them.</summary>
internal static partial class Signals
{
    public static void Interrupt(this Process process) => Kill(process.Id, 2).ShouldBe(0);

    public static void Terminate(this Process process) => Kill(process.Id, 15).ShouldBe(0);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
