using Garam.Console.Snapshots;
using Garam.Operations.Groups;

namespace Garam.Console.Groups;

/// <summary>Groups as the console saw them: now, and how they moved over the last minutes.</summary>
internal sealed class GroupSight(ClusterView cluster, History history, GroupWatch watch)
{
    public Task<Snapshot> NowAsync(CancellationToken ct) => cluster.CurrentAsync(ct);

    /// <summary>With what was just seen of it, which may be newer than the last look at everything.</summary>
    public GroupReading Observe(GroupDetail group) => watch.Observe(group);

    /// <summary>Its lag over the last fifteen minutes, evenly spaced; null where nobody looked.</summary>
    public IReadOnlyList<double?> Trend(string group) => history.Lags(group);

    public IEnumerable<GroupRow> Rows(Snapshot now) => now.Groups.Select(group =>
        new GroupRow(group.Name, group.State, group.Members, group.Topics, group.Lag, group.Behind, group.Reading) { Coverage = group.Coverage, Silence = group.Silence });
}
