using System.CommandLine;
using System.Diagnostics;
using Confluent.Kafka;
using Garam.CommandLine;
using Garam.Messaging.Native;

namespace Garam.Connections;

/// <summary>Which Kafka a command talks to, and the clients for it. Works on any cluster, not only on our broker.</summary>
internal sealed class KafkaConnection(string bootstrapServers, IReadOnlyDictionary<string, string>? properties = null)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private volatile Error? _trouble;

    public string BootstrapServers { get; } = bootstrapServers;

    /// <summary>A client for administration, after it has reached a broker.</summary>
    /// <param name="advice">What the user can do where nobody answers.</param>
    /// <exception cref="CommandFailure">No broker answers.</exception>
    public IAdminClient OpenAdmin(string advice = "Start one with: garam up. Or name another with -b HOST:PORT.")
    {
        KafkaLibrary.EnsureLoaded();
        var admin = new AdminClientBuilder(Configure(new AdminClientConfig()))
            .SetLogHandler((_, _) => { })
            .SetErrorHandler((_, error) => _trouble = error)
            .Build();
        try
        {
            Reach(admin, advice);
            return admin;
        }
        catch
        {
            admin.Dispose();
            throw;
        }
    }

    /// <summary>Gives a client configuration the address and the properties of <c>-X</c>, which win.</summary>
    public T Configure<T>(T config) where T : ClientConfig
    {
        KafkaLibrary.EnsureLoaded();
        config.BootstrapServers = BootstrapServers;
        config.ClientId = "garam-cli";
        foreach (var (name, value) in properties ?? new Dictionary<string, string>())
            config.Set(name, value);
        return config;
    }

    // Asked in short turns: the client itself goes on trying for a minute where nobody listens.
    private void Reach(IAdminClient admin, string advice)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                admin.GetMetadata(TimeSpan.FromMilliseconds(300));
                return;
            }
            catch (KafkaException exception) when (exception.Error.Code is ErrorCode.Local_Transport or ErrorCode.Local_TimedOut)
            {
                if (_trouble is { Code: ErrorCode.Local_AllBrokersDown or ErrorCode.Local_Resolve } || waited.Elapsed > Patience)
                    throw new CommandFailure(ExitCode.Unreachable, $"no broker answers at {BootstrapServers}. {advice}");
            }
        }
    }

    /// <summary>The options of every command that talks to Kafka.</summary>
    internal sealed class Options
    {
        private readonly Option<string> _bootstrapServers = new("--bootstrap-servers", "-b")
        {
            Description = "brokers to connect to first, of any Kafka",
            HelpName = "HOST:PORT,...",
            DefaultValueFactory = _ => "127.0.0.1:9092",
            Recursive = true,
        };

        private readonly Option<string[]> _properties = new("--property", "-X")
        {
            Description = "a client property in librdkafka's names, for example security.protocol=SASL_SSL",
            HelpName = "NAME=VALUE",
            Recursive = true,
        };

        public void AddTo(Command command)
        {
            NameValue.Require(_properties);
            command.Add(_bootstrapServers);
            command.Add(_properties);
        }

        public KafkaConnection Read(ParseResult parsed) => new(parsed.GetRequiredValue(_bootstrapServers), NameValue.Read(parsed, _properties));
    }
}
