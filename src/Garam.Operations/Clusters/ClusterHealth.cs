using Garam.Operations.DeadLetters;
using Garam.Operations.Groups;
using Garam.Operations.Topics;

namespace Garam.Operations.Clusters;

/// <summary>Whether a cluster is well, and what is not.</summary>
/// <param name="Nodes">Brokers that are there.</param>
/// <param name="Topics">Topics, Kafka's own too.</param>
/// <param name="Partitions">Their partitions.</param>
/// <param name="Leaderless">Partitions without a leader, <c>TOPIC:N</c>: they can be neither written nor read.</param>
/// <param name="OutOfSync">Partitions of which a replica is behind or away, <c>TOPIC:N</c>.</param>
public sealed record ClusterHealth(int Nodes, int Topics, int Partitions, IReadOnlyList<string> Leaderless, IReadOnlyList<string> OutOfSync)
{
    /// <summary>Consumer groups that were looked at; null where none were asked for.</summary>
    public int? Groups { get; init; }

    /// <summary>Groups with unread records that have been watched for too short a time to say whether they advance.</summary>
    public IReadOnlyList<string> Watching { get; init; } = [];

    /// <summary>Groups that are not well and raise no alarm: muted, below their threshold, or not used.</summary>
    public IReadOnlyList<string> Silent { get; init; } = [];

    /// <summary>Everything that is not well, the most serious first.</summary>
    public required IReadOnlyList<ClusterProblem> Problems { get; init; }

    public bool IsGood => Problems.Count == 0;

    /// <summary>What a list of topics says.</summary>
    public static ClusterHealth Of(int nodes, IReadOnlyList<TopicSummary> topics)
    {
        IReadOnlyList<string> leaderless = Names(topics, topic => topic.Leaderless), outOfSync = Names(topics, topic => topic.OutOfSync);
        return new ClusterHealth(nodes, topics.Count, topics.Sum(topic => topic.Partitions), leaderless, outOfSync) { Problems = [.. ClusterProblems.OfPartitions(leaderless, outOfSync)] };
    }

    /// <summary>With the problems of groups and of dead letters.</summary>
    public ClusterHealth With(IReadOnlyList<ObservedGroup> groups, IReadOnlyList<DeadLetterTopic> letters) => this with
    {
        Groups = groups.Count,
        Watching = [.. groups.Where(group => group.State is ReadingState.Watching).Select(group => group.Name)],
        Silent = [.. groups.Where(group => group.Silence is not null && group.State.Words().Level > HealthLevel.Ok).Select(group => group.Name)],
        Problems = [.. Problems.Concat(ClusterProblems.OfGroups([.. groups.Where(group => group.Silence is null)])).Concat(ClusterProblems.OfLetters(letters)).OrderByDescending(problem => problem.Level)],
    };

    private static List<string> Names(IReadOnlyList<TopicSummary> topics, Func<TopicSummary, IReadOnlyList<int>> partitions) =>
        [.. topics.SelectMany(topic => partitions(topic).Select(partition => $"{topic.Name}:{partition}"))];
}
