using System.CommandLine;
using Garam.Brokers;
using Garam.Clusters;
using Garam.Completion;
using Garam.Consoles;
using Garam.DeadLetters;
using Garam.Groups;
using Garam.Import;
using Garam.Outboxes;
using Garam.Records;
using Garam.Topics;
using Garam.Up;

namespace Garam.CommandLine;

/// <summary>The command line as a whole: data on stdout, talk on stderr, an exit code that means something.</summary>
internal static class GaramCommand
{
    /// <summary>"@" begins a time here, never the name of a file with more arguments.</summary>
    public static ParserConfiguration Parsing { get; } = new() { ResponseFileTokenReplacer = null };

    public static async Task<int> RunAsync(string[] args)
    {
        using var interruption = new Interruption();
        try
        {
            LocalTime.Choose(args);
            var parsed = Root().Parse(args, Parsing);
            var errors = UsageErrors.Of(parsed);
            if (errors.Count > 0)
                return Misused(parsed, errors);

            // Signals and exceptions are ours: the library would answer 1 to everything.
            var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
            return await parsed.InvokeAsync(configuration, interruption.Token);
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            return interruption.ExitCode;
        }
        catch (Exception exception) when (CommandFailure.From(exception) is { } failure)
        {
            Talk.Say(failure.Message);
            return failure.ExitCode;
        }
        catch (Exception exception)
        {
            Talk.Say(CrashReport.Write(exception));
            return ExitCode.Failure;
        }
    }

    /// <summary>The grammar.</summary>
    public static RootCommand Root()
    {
        var root = new RootCommand("An event-driven backend on one machine: a Kafka-compatible broker, and the services on top of it.")
        {
            UpCommand.Create(),
            BrokerCommand.Create(),
            ConsoleCommand.Create(),
            TopicCommands.Create(),
            ProduceCommand.Create(),
            ConsumeCommand.Create(),
            MessageCommands.Create(),
            GroupCommands.Create(),
            DeadLetterCommands.Create(),
            ClusterCommands.Create(),
            ContentCommands.Create(),
            OutboxCommands.Create(),
        };
        root.Add(LocalTime.Option());
        root.Add(HelpCommand.Create(root));
        foreach (var command in CompletionCommands.Create(root))
            root.Add(command);
        return root;
    }

    private static int Misused(ParseResult parsed, IReadOnlyList<string> errors)
    {
        foreach (var error in errors)
            Talk.Say(error);
        var names = new List<string>();
        for (var command = parsed.CommandResult; command is not null; command = command.Parent as System.CommandLine.Parsing.CommandResult)
            names.Insert(0, command.Command is RootCommand ? "garam" : command.Command.Name);
        Talk.Say($"see: {string.Join(' ', names)} --help");
        return ExitCode.Usage;
    }
}
