using Garam.Console.Snapshots;

namespace Garam.Console.Groups;

/// <summary>Groups as the console saw them: now, and how they moved over the last minutes.</summary>
internal sealed class GroupSight(ClusterView cluster, History history)
{
    public Task<Snapshot> NowAsync(CancellationToken ct) => cluster.CurrentAsync(ct);

    public GroupVerdict Verdict(string group) => GroupVerdicts.Of(history.Group(group));

    public IReadOnlyList<double?> Trend(string group) => history.Lags(group);

    public IEnumerable<GroupRow> Rows(Snapshot now) => now.Groups.Select(group =>
        new GroupRow(group.Name, group.State, group.Members, group.Topics, group.Lag, group.Behind, Verdict(group.Name), Trend(group.Name)));
}
