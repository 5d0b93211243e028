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

    private static readonly (string Name, Func<Command> Create)[] Commands =
    [
        ("up", UpCommand.Create),
        ("broker", BrokerCommand.Create),
        ("console", ConsoleCommand.Create),
        ("topic", TopicCommands.Create),
        ("produce", ProduceCommand.Create),
        ("consume", ConsumeCommand.Create),
        ("message", MessageCommands.Create),
        ("group", GroupCommands.Create),
        ("dlq", DeadLetterCommands.Create),
        ("cluster", ClusterCommands.Create),
        ("content", ContentCommands.Create),
        ("outbox", OutboxCommands.Create),
    ];

    public static async Task<int> RunAsync(string[] args)
    {
        using var interruption = new Interruption();
        try
        {
            LocalTime.Choose(args);
            var parsed = Root(NamedBy(args)).Parse(args, Parsing);
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
    /// <param name="only">
    /// The one command of <see cref="Commands"/> that is wanted; null: all of them. To describe the options of all takes longer than most commands run.
    /// </param>
    public static RootCommand Root(string? only = null)
    {
        var root = new RootCommand("An event-driven backend on one machine: a Kafka-compatible broker, and the services on top of it.");
        foreach (var (name, create) in Commands)
        {
            if (only is null || only == name)
                root.Add(create());
        }

        root.Add(LocalTime.Option());
        root.Add(HelpCommand.Create(root));
        foreach (var command in CompletionCommands.Create(root))
            root.Add(command);
        return root;
    }

    /// <summary>The command that a command line names, or the one in which a line is to be completed; null where the whole grammar is needed.</summary>
    internal static string? NamedBy(string[] args)
    {
        var word = args switch
        {
            [CompletionCommands.Asked, var line] => Suggestions.CommandIn(line),
            [var first, ..] => first,
            [] => null,
        };
        foreach (var (name, _) in Commands)
        {
            if (name == word)
                return name;
        }

        return null;
    }

    private static int Misused(ParseResult parsed, IReadOnlyList<string> errors)
    {
        foreach (var error in errors)
            Talk.Say(error);
        Talk.Say($"see: {UsageErrors.NameOf(parsed.CommandResult)} --help");
        return ExitCode.Usage;
    }
}
