using Garam.Faults.Brokers;
using Garam.Faults.Recovery;
using Garam.Faults.Runs;

// One program: the harness, the broker that it kills, and, for everything else, the runner of the tests.
return args switch
{
    [BrokerCommand.Name, .. var rest] => await BrokerCommand.RunAsync(rest),
    [RunCommand.Name, .. var rest] => await RunCommand.RunAsync(rest),
    [RecoveryCommand.Name, .. var rest] => await RecoveryCommand.RunAsync(rest),
    _ => await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args),
};
