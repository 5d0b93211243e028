using Garam.Console.Snapshots;
using Garam.Operations.Groups;

namespace Garam.Console.Groups;

/// <summary>Groups as the console saw them: now, and how they moved over the last minutes.</summary>
internal sealed class GroupSight(ClusterView cluster, History history, TimeProvider time)
{
    public Task<Snapshot> NowAsync(CancellationToken ct) => cluster.CurrentAsync(ct);

    public GroupVerdict Verdict(string group) => GroupVerdicts.Of(history.Group(group, GroupVerdicts.Window));

    /// <summary>With what was just seen of it, which may be newer than the last look at everything.</summary>
    public GroupVerdict Verdict(GroupDetail group) => group.Lag is { } lag
        ? GroupVerdicts.Of([.. history.Group(group.Name), new GroupSample(time.GetUtcNow(), lag, group.Positions.Sum(position => position.Committed ?? 0), group.Members.Count)])
        : Verdict(group.Name);

    /// <summary>Its lag over the last fifteen minutes, evenly spaced; null where nobody looked.</summary>
    public IReadOnlyList<double?> Trend(string group) => history.Lags(group);

    public IEnumerable<GroupRow> Rows(Snapshot now) => now.Groups.Select(group =>
        new GroupRow(group.Name, group.State, group.Members, group.Topics, group.Lag, group.Behind, group.Verdict, group.Silence));
}
