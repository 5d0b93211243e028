using System.Text.Json.Serialization;
using Garam.Operations.Topics;

namespace Garam.Operations.Groups;

/// <summary>One line of a list of consumer groups. States are Kafka's: Stable, PreparingRebalance, CompletingRebalance, Assigning, Reconciling, Empty, Dead, Unknown.</summary>
public sealed record GroupSummary(string Name, string State);

/// <summary>How far behind a consumer group is.</summary>
/// <param name="Name">The group; a name may hold any character.</param>
/// <param name="State">Kafka's word; <c>Dead</c>: there is no such group.</param>
/// <param name="Members">How many members it has now.</param>
/// <param name="Topics">Topics in which it has committed offsets or owns partitions, by name.</param>
/// <param name="Lag">Records not yet read, summed over the partitions in which it has committed; null where there are none. <paramref name="Coverage"/> says what it does not count.</param>
/// <param name="Behind">Age of the oldest of these records; zero where nothing is left; null where it is not known.</param>
/// <param name="Coverage">Which partitions the lag counts.</param>
/// <param name="Failure">Why nothing is known of the group; null: all is well.</param>
public sealed record GroupLag(
    string Name, string State, int Members, IReadOnlyList<TopicLag> Topics, long? Lag, TimeSpan? Behind, LagCoverage Coverage, OperationException? Failure = null)
{
    /// <summary>Its position in every partition of its topics.</summary>
    [JsonIgnore]
    public IReadOnlyList<GroupPosition> Positions { get; init; } = [];
}

/// <summary>How far behind a group is in one topic. Lag, Behind and Coverage as in <see cref="GroupLag"/>.</summary>
public sealed record TopicLag(string Topic, long? Lag, TimeSpan? Behind, LagCoverage Coverage)
{
    internal static TopicLag Of(IGrouping<string, GroupPosition> topic) =>
        new(topic.Key, GroupPosition.SumOfLags(topic), GroupPosition.LongestBehind(topic), LagCoverage.Of(topic));
}

/// <summary>A consumer group in full. Positions are those in every partition of the topics in which it has committed or owns partitions. Lag and Behind as in <see cref="GroupLag"/>.</summary>
public sealed record GroupDetail(string Name, string State, int? Coordinator, string Assignor, IReadOnlyList<GroupMember> Members, IReadOnlyList<GroupPosition> Positions)
{
    public long? Lag => GroupPosition.SumOfLags(Positions);

    public TimeSpan? Behind => GroupPosition.LongestBehind(Positions);

    /// <summary>Which partitions the lag counts.</summary>
    public LagCoverage Coverage => LagCoverage.Of(Positions);

    /// <summary>Why the lag in a topic, which is counted in offsets, is more than the records that are unread; topics without a reason may be missing.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, OffsetGaps> GapsByTopic { get; init; } = new Dictionary<string, OffsetGaps>();

    /// <summary>Why the lag is more than the records that are unread.</summary>
    public OffsetGaps Gaps => GapsByTopic.Values.Aggregate(OffsetGaps.None, (all, gaps) => all | gaps);
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

    /// <summary>The partition has no leader: its end is not known.</summary>
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
/// <param name="Behind">Age of the first record not yet read, or of the oldest that may be unread where nothing was committed; zero where nothing is left; null where it is not known.</param>
/// <param name="MemberId">The member that owns the partition, and its client id and host; null where nobody does.</param>
/// <param name="ClientId"></param>
/// <param name="Host"></param>
public sealed record GroupPosition(
    string Topic, int Partition, long? Committed, long? StartOffset, long? EndOffset, PositionState State, long? Lag, TimeSpan? Behind, string? MemberId, string? ClientId, string? Host)
{
    /// <summary>Where nothing was committed, all records of the partition, counted in offsets: so many may be unread. Else zero.</summary>
    [JsonIgnore]
    public long Uncommitted => State is PositionState.NothingCommitted && EndOffset - StartOffset is { } records ? records : 0;

    internal static long? SumOfLags(IEnumerable<GroupPosition> positions) => positions.Aggregate((long?)null, (sum, position) => position.Lag is null ? sum : (sum ?? 0) + position.Lag);

    // One partition of which the age is not known does not hide that another is an hour behind.
    internal static TimeSpan? LongestBehind(IEnumerable<GroupPosition> positions) => positions.Where(position => position.Lag is not null).Max(position => position.Behind);
}
