using System.CommandLine;
using Garam.CommandLine;
using Garam.Operations.Connections;

namespace Garam.Connections;

/// <summary>What a verb does with a cluster; returns the exit code.</summary>
/// <remarks>No <c>Func</c>: that would load the client library where a command is only described, and <c>garam broker</c> does without it.</remarks>
internal delegate Task<int> KafkaVerb(ParseResult parsed, KafkaConnection kafka, CancellationToken ct);

/// <summary>A noun of the command line whose verbs ask a Kafka: they share which one, and the shape of what they print.</summary>
internal sealed class KafkaNoun
{
    private readonly Option<OutputFormat?> _format = Output.Format();

    public KafkaNoun(string name, string description)
    {
        Command = new Command(name, description) { _format };
        Connection.AddTo(Command);
    }

    public Command Command { get; }

    public ConnectionOptions Connection { get; } = new();

    /// <summary>The shape that was asked for.</summary>
    public OutputFormat Format(ParseResult parsed) => Output.Of(parsed, _format);

    /// <summary>Adds a verb. It runs when a broker has answered, and returns the exit code.</summary>
    public Command Verb(string name, string description, IEnumerable<Symbol> symbols, KafkaVerb run)
    {
        var verb = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument)
                verb.Add(argument);
            else
                verb.Add((Option)symbol);
        }

        verb.SetAction(async (parsed, ct) =>
        {
            using var kafka = Connection.Open(parsed);
            return await run(parsed, kafka, ct);
        });
        Command.Add(verb);
        return verb;
    }

    /// <summary>The verb that the noun alone means.</summary>
    public void Default(Command verb) => Command.Action = verb.Action;
}
