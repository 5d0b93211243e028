using System.CommandLine;
using Garam.CommandLine;
using Garam.Operations.Connections;

namespace Garam.Connections;

/// <summary>The options of every command that talks to Kafka.</summary>
internal sealed class ConnectionOptions
{
    private const string Variable = "GARAM_BOOTSTRAP_SERVERS";

    private readonly Option<string> _bootstrapServers = new("--bootstrap-servers", "-b")
    {
        Description = $"brokers to connect to first, of any Kafka; the variable {Variable} says it for all commands",
        HelpName = "HOST:PORT,...",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? named : "127.0.0.1:9092",
        Recursive = true,
    };

    private readonly Option<string[]> _properties = new("--property", "-X")
    {
        Description = "a client property in librdkafka's names, for example security.protocol=SASL_SSL",
        HelpName = "NAME=VALUE",
        Recursive = true,
    };

    /// <summary>For commands that change topics. Where a command does not have it, internal topics are protected.</summary>
    public Option<bool> AllowInternal { get; } = new("--allow-internal") { Description = "change an internal topic of Kafka, such as __consumer_offsets: this can lose every group's offsets" };

    public void AddTo(Command command)
    {
        NameValue.Require(_properties);
        command.Add(_bootstrapServers);
        command.Add(_properties);
    }

    /// <summary>Whether brokers are to be spoken to in another way than the default: signed in, encrypted.</summary>
    public bool HasProperties(ParseResult parsed) => parsed.GetValue(_properties) is { Length: > 0 };

    public string Servers(ParseResult parsed) => parsed.GetRequiredValue(_bootstrapServers);

    public IReadOnlyDictionary<string, string> Properties(ParseResult parsed) => NameValue.Read(parsed, _properties);

    /// <summary>A connection to a broker that has answered; the caller disposes it.</summary>
    /// <exception cref="Operations.OperationException">No broker answers.</exception>
    public KafkaConnection Open(ParseResult parsed)
    {
        var connection = Connect(parsed);
        connection.EnsureReachable("Start one with: garam up. Or name another with -b HOST:PORT.");
        return connection;
    }

    /// <summary>The same, of which nobody knows yet whether a broker answers.</summary>
    public KafkaConnection Connect(ParseResult parsed)
    {
        // A client waits for its own poll to come round before it closes: a tenth of a second by default, which a command would last longer.
        var properties = new Dictionary<string, string> { ["dotnet.cancellation.delay.max.ms"] = "5" };
        foreach (var (name, value) in NameValue.Read(parsed, _properties))
            properties[name] = value;
        return new KafkaConnection(parsed.GetRequiredValue(_bootstrapServers), properties) { AllowInternal = parsed.GetValue(AllowInternal) };
    }
}
