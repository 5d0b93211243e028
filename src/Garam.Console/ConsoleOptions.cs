using Garam.Operations.Groups;

namespace Garam.Console;

/// <summary>Settings of the console.</summary>
public sealed class ConsoleOptions
{
    /// <summary>Brokers that the console looks at, of any Kafka: <c>HOST:PORT,...</c>. Required.</summary>
    public string BootstrapServers { get; set; } = "";

    /// <summary>Client properties in librdkafka's names, for a cluster that asks for more than an address. Default: none.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; set; } = new Dictionary<string, string>();

    /// <summary>Whether the console only looks. The server refuses every change, whatever a page offers. Default: false.</summary>
    public bool ReadOnly { get; set; }

    /// <summary>
    /// How long the oldest unread record of a group without members waits until the group is taken for abandoned and raises no alarm. Default: 7 days, after which Kafka
    /// forgets the offsets of such a group.
    /// </summary>
    public TimeSpan AbandonedAfter { get; set; } = GroupAlarms.AbandonedAfter;

    /// <summary>Where the rules for alarms are kept. Default: <c>$XDG_STATE_HOME/garam/alarms</c>, which the command line shares.</summary>
    public string? AlarmDirectory { get; set; }

    /// <summary>
    /// Host names by which the console may be asked besides <c>localhost</c> and addresses, when it listens on this machine alone: that of a
    /// proxy in front of it. Any other name is refused, so that a foreign page cannot point its own name at 127.0.0.1 and read along. Default: none.
    /// </summary>
    public IReadOnlyList<string> AllowedHosts { get; set; } = [];
}
