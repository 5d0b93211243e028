using System.Text.Json.Serialization;

namespace Garam.Operations.Groups;

/// <summary>One line of a list of consumer groups. States are Kafka's: Stable, PreparingRebalance, CompletingRebalance, Assigning, Reconciling, Empty, Dead, Unknown.</summary>
public sealed record GroupSummary(string Name, string State);

/// <summary>How far behind a consumer group is.</summary>
/// <param name="Name">The group; a name may hold any character.</param>
/// <param name="State">Kafka's word; <c>Dead</c>: there is no such group.</param>
/// <param name="Members">How many members it has now.</param>
/// <param name="Topics">Topics in which it has committed offsets or owns partitions, by name.</param>
/// <param name="Lag">Records not yet read, summed over the partitions of which it is known; null where it is known of none.</param>
/// <param name="Behind">Age of the oldest record not yet read; zero where nothing is left; null where it is not known.</param>
/// <param name="Failure">Why nothing is known of the group; null: all is well.</param>
public sealed record GroupLag(string Name, string State, int Members, IReadOnlyList<TopicLag> Topics, long? Lag, TimeSpan? Behind, OperationException? Failure = null)
{
    /// <summary>The sum of its committed offsets: it moves when any of them does. Null where nothing was committed.</summary>
    public long? Committed { get; init; }
}

/// <summary>How far behind a group is in one topic. Lag and Behind as in <see cref="GroupLag"/>.</summary>
public sealed record TopicLag(string Topic, long? Lag, TimeSpan? Behind);

/// <summary>A consumer group in full. Lag and Behind as in <see cref="GroupLag"/>.</summary>
public sealed record GroupDetail(string Name, string State, int? Coordinator, string Assignor, IReadOnlyList<GroupMember> Members, IReadOnlyList<GroupPosition> Positions)
{
    public long? Lag => GroupPosition.SumOfLags(Positions);

    public TimeSpan? Behind => GroupPosition.LongestBehind(Positions);
}

/// <summary>A member of a group. Partitions are those it owns, written <c>orders:0</c>.</summary>
public sealed record GroupMember(string Id, string? InstanceId, string ClientId, string Host, IReadOnlyList<string> Partitions);

/// <summary>What a group's position in a partition means where it is not simply somewhere between start and end.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PositionState>))]
public enum PositionState
{
    /// <summary>Between the start and the end of the log.</summary>
    Known,

    /// <summary>Nothing was committed: where the group begins is its consumers' choice (<c>auto.offset.reset</c>).</summary>
    NothingCommitted,

    /// <summary>The records after the committed offset are gone: lag counts from the first that is left.</summary>
    BeforeStart,

    /// <summary>The committed offset lies after the end, as after a topic was made anew: lag is zero, and the consumers start over as they choose.</summary>
    BeyondEnd,

    /// <summary>There is no such topic or partition any more.</summary>
    Gone,

    /// <summary>Nobody leads the partition now: its end is not known.</summary>
    NoLeader,
}

/// <summary>How far a group has come in a partition.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Partition">The partition.</param>
/// <param name="Committed">The offset of the next record to read; null where nothing was committed.</param>
/// <param name="StartOffset">The first offset that the log holds; null where it is not known.</param>
/// <param name="EndOffset">The offset after the last record; null where it is not known.</param>
/// <param name="State">What is special about it.</param>
/// <param name="Lag">Records not yet read, counted in offsets; null where it is not known.</param>
/// <param name="Behind">Age of the first record not yet read; zero where nothing is left; null where it is not known.</param>
/// <param name="MemberId">The member that owns the partition, and its client id and host; null where nobody does.</param>
/// <param name="ClientId"></param>
/// <param name="Host"></param>
public sealed record GroupPosition(
    string Topic, int Partition, long? Committed, long? StartOffset, long? EndOffset, PositionState State, long? Lag, TimeSpan? Behind, string? MemberId, string? ClientId, string? Host)
{
    internal static long? SumOfLags(IEnumerable<GroupPosition> positions) => positions.Aggregate((long?)null, (sum, position) => position.Lag is null ? sum : (sum ?? 0) + position.Lag);

    // One partition of which the age is not known does not hide that another is an hour behind.
    internal static TimeSpan? LongestBehind(IEnumerable<GroupPosition> positions) => positions.Max(position => position.Behind);
}
