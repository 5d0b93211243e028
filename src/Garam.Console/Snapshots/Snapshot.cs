using Garam.Operations;
using Garam.Operations.Clusters;
using Garam.Operations.Groups;

namespace Garam.Console.Snapshots;

/// <summary>What the cluster looked like at one moment. Never changes: a page is rendered from one of it.</summary>
/// <param name="At">When it was true.</param>
/// <param name="Topics">All topics by name, internal ones among them.</param>
/// <param name="Groups">All consumer groups by name.</param>
/// <param name="Trouble">Why there is no newer one; null while the broker answers.</param>
internal sealed record Snapshot(DateTimeOffset At, IReadOnlyList<TopicNow> Topics, IReadOnlyList<GroupNow> Groups, OperationException? Trouble)
{
    /// <summary>Before the broker has answered for the first time.</summary>
    public static readonly Snapshot None = new(default, [], [], null);

    /// <summary>Leaders and replicas; null before the broker has answered.</summary>
    public ClusterHealth? Partitions { get; init; }

    /// <summary>Whether the broker has ever answered.</summary>
    public bool IsKnown => At != default;

    /// <summary>Why the rules for alarms could not be read, so that every group raises its alarms; null: they were.</summary>
    public OperationException? AlarmTrouble { get; init; }

    public TopicNow? Topic(string name) => Topics.FirstOrDefault(topic => topic.Name == name);

    public GroupNow? Group(string name) => Groups.FirstOrDefault(group => group.Name == name);
}

/// <summary>A topic at that moment.</summary>
/// <param name="Name">As Kafka allows it.</param>
/// <param name="Partitions">How many.</param>
/// <param name="ReplicationFactor">Copies of each.</param>
/// <param name="Internal">Whether it is one of Kafka's own.</param>
/// <param name="Records">Between the start and the end of its log; null where a leader is away.</param>
/// <param name="End">The offsets after its last records, summed: it moves with every record that is written; null like Records.</param>
/// <param name="Rate">Records per second since the look before; null at the first.</param>
/// <param name="Readers">The groups that read it or have committed to it.</param>
internal sealed record TopicNow(string Name, int Partitions, int ReplicationFactor, bool Internal, long? Records, long? End, double? Rate, IReadOnlyList<TopicReader> Readers);

/// <summary>A group that reads a topic, and how far it is behind in that topic alone; null where that is not known.</summary>
internal sealed record TopicReader(string Group, long? Lag, TimeSpan? Behind, LagCoverage Coverage);

/// <summary>A consumer group at that moment.</summary>
/// <param name="Name">May hold any character.</param>
/// <param name="State">In Kafka's words: Stable, Empty, PreparingRebalance, CompletingRebalance, Dead.</param>
/// <param name="Members">How many consumers it has.</param>
/// <param name="Topics">Those it reads or has committed to.</param>
/// <param name="Lag">Records not yet read, over all its partitions; null where it is not known.</param>
/// <param name="Behind">The age of the oldest record not yet read; null where it is not known.</param>
/// <param name="Coverage">Which partitions the lag counts.</param>
internal sealed record GroupNow(string Name, string State, int Members, IReadOnlyList<string> Topics, long? Lag, TimeSpan? Behind, LagCoverage Coverage)
{
    /// <summary>How it is doing, by this look and those before it.</summary>
    public ReadingState Reading { get; init; } = ReadingState.Watching;

    /// <summary>Why it raises no alarm whatever its verdict; null: it does.</summary>
    public Silence? Silence { get; init; }
}
