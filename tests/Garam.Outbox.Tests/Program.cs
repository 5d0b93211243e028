using Garam.Outbox.Tests;

return args is [CrashingProcess.Verb, .. var rest]
    ? await CrashingProcess.RunAsync(rest)
    : await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
